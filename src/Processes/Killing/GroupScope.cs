namespace Supervisor.Processes;

/// <summary>The last resort: what stayed in the leader's process group or session. A descendant that called setsid is out of reach.</summary>
internal sealed class GroupScope(string? tag, IReadOnlyList<ProcessIdentity> leaders) : ProcessScope(KillLadder.Group, path: null, tag, leaders)
{
    public override IReadOnlyList<int> Members()
    {
        var groups = Leaders.Where(StillNamesItsGroup).Select(leader => leader.Pid).ToHashSet();
        return groups.Count == 0
            ? []
            : [.. ProcFile.AllPids().Where(pid => ProcFile.TryReadStat(pid) is { State: not ('Z' or 'X') } stat
                && (groups.Contains(stat.Group) || groups.Contains(stat.Session)))];
    }

    public override Task<bool> KillAsync(TimeSpan within, TimeProvider time) => Sweep.KillAsync(Members, within, time);

    // The kernel hands out no pid that is still in use as a group's number: a stranger with the leader's pid proves the group gone.
    private static bool StillNamesItsGroup(ProcessIdentity leader) =>
        ProcessIdentity.TryRead(leader.Pid) is not { } present || present == leader;
}
