namespace Supervisor.Processes;

/// <summary>
/// Without a cgroup: all descendants of the leader, all orphans that were re-parented to us and all tagged processes. Finds double forks and setsid; a
/// fork bomb that is faster than the walk may escape.
/// </summary>
internal sealed class WalkScope(string? tag, IReadOnlyList<ProcessIdentity> leaders) : ProcessScope(KillLadder.Walk, path: null, tag, leaders)
{
    public override IReadOnlyList<int> Members() => [.. ProcessWalk.AllMembers(Leaders, Tag)];

    public override Task<bool> KillAsync(TimeSpan within, TimeProvider time) => TreeKiller.KillAsync(Members, within, time);
}
