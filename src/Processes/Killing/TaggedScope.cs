namespace Supervisor.Processes;

/// <summary>
/// What a dead run left, for a process that is not its subreaper: the leader's tree, and all trees whose tag is that of the scope or of a command beside it
/// (<c>TAG+COMMAND</c>). Unlike the walk it takes no children of this process: they may be a stranger's.
/// </summary>
internal sealed class TaggedScope(string tag, IReadOnlyList<ProcessIdentity> leaders) : ProcessScope(KillLadder.Walk, path: null, tag, leaders)
{
    public override IReadOnlyList<int> Members() => [.. ProcessWalk.TaggedTrees(IsOurs).Union(ProcessWalk.LivingTrees(Leaders))];

    public override Task<bool> KillAsync(TimeSpan within, TimeProvider time) => TreeKiller.KillAsync(Members, within, time);

    private bool IsOurs(string found) => found.StartsWith(Tag!, StringComparison.Ordinal) && (found.Length == Tag!.Length || found[Tag.Length] == '+');
}
