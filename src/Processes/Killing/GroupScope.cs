namespace Supervisor.Processes;

/// <summary>The last resort: the processes in the leader's process group or session. Does not reach a descendant that called setsid.</summary>
internal sealed class GroupScope(string? tag, IReadOnlyList<ProcessIdentity> leaders) : ProcessScope(KillLadder.Group, path: null, tag, leaders)
{
    public override IReadOnlyList<int> Members()
    {
        var groups = Leaders.Where(OwnsItsGroup).Select(leader => leader.Pid).ToHashSet();
        return groups.Count == 0
            ? []
            : [.. ProcFile.AllPids().Where(pid => ProcFile.TryReadStat(pid) is { State: not ('Z' or 'X') } stat
                && (groups.Contains(stat.Group) || groups.Contains(stat.Session)))];
    }

    public override Task<bool> KillAsync(TimeSpan within, TimeProvider time) => TreeKiller.KillAsync(Members, within, time);

    // The kernel does not reuse a pid that is still the id of a group: if another process has the leader's pid, the group is gone.
    private static bool OwnsItsGroup(ProcessIdentity leader) =>
        ProcessIdentity.TryRead(leader.Pid) is not { } present || present == leader;
}
