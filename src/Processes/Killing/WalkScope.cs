namespace Supervisor.Processes;

/// <summary>
/// Without a cgroup: everything below the leader, every orphan that came to us and every tagged process. Catches double forks and setsid;
/// a bomb that forks faster than we can walk may outrun it.
/// </summary>
internal sealed class WalkScope(string? tag, IReadOnlyList<ProcessIdentity> leaders) : ProcessScope(KillLadder.Walk, path: null, tag, leaders)
{
    public override IReadOnlyList<int> Members() => [.. ProcessWalk.Everything(Leaders, Tag)];

    public override Task<bool> KillAsync(TimeSpan within, TimeProvider time) => Sweep.KillAsync(Members, within, time);
}
