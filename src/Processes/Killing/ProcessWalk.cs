namespace Supervisor.Processes;

/// <summary>Finds a tree of processes in /proc: by descent, by re-parenting to us (we are a subreaper), and by the tag in the environment.</summary>
internal static class ProcessWalk
{
    private const int LooksAmidExec = 100;

    /// <summary>The leaders that still live, and everything below them.</summary>
    public static HashSet<int> Below(IEnumerable<ProcessIdentity> leaders) =>
        WithDescendants(leaders.Where(leader => leader.IsAlive).Select(leader => leader.Pid));

    /// <summary>Those, and what ran away from them: orphans that came to us, and whatever carries the tag anywhere.</summary>
    public static HashSet<int> Everything(IEnumerable<ProcessIdentity> leaders, string? tag)
    {
        var roots = leaders.Where(leader => leader.IsAlive).Select(leader => leader.Pid).Concat(OwnOrphans(tag));
        return WithDescendants(tag is null ? roots : roots.Concat(Tagged(tag)));
    }

    /// <summary>Whatever carries the tag, and everything below it.</summary>
    public static HashSet<int> Everywhere(string? tag) => tag is null ? [] : WithDescendants(Tagged(tag));

    private static IEnumerable<int> Tagged(string tag) =>
        ProcFile.AllPids().Where(pid => ProcFile.Variable(pid, ProcessScope.TagVariable) == tag);

    // A child of ours that we did not spawn has lost its parent somewhere below us. One with another tag belongs to another scope; one in our
    // own session was started by other code in this process, for what we spawn leads sessions of its own.
    private static IEnumerable<int> OwnOrphans(string? tag)
    {
        var session = ProcFile.TryReadStat(Environment.ProcessId)?.Session;
        return ProcFile.Children(Environment.ProcessId).Where(pid =>
            !Spawner.Shared.Knows(pid)
            && ProcFile.TryReadStat(pid)?.Session != session
            && (TagOf(pid) ?? tag) == tag);
    }

    // An exec in progress lasts microseconds, and hides whose the process is.
    private static string? TagOf(int pid)
    {
        for (var look = 0; look < LooksAmidExec && ProcFile.IsAmidExec(pid); look++)
            Thread.Yield();
        return ProcFile.Variable(pid, ProcessScope.TagVariable);
    }

    private static HashSet<int> WithDescendants(IEnumerable<int> roots)
    {
        var spared = Ancestry();
        var found = new HashSet<int>();
        var open = new Stack<int>(roots);
        while (open.TryPop(out var pid))
        {
            if (spared.Contains(pid) || !ProcFile.IsAlive(pid) || !found.Add(pid))
                continue;
            foreach (var child in ProcFile.Children(pid))
                open.Push(child);
        }

        return found;
    }

    // Ourselves and whoever started us: a tag that we carry too must not make us our own victim.
    private static HashSet<int> Ancestry()
    {
        var line = new HashSet<int>();
        for (var pid = Environment.ProcessId; pid > 0 && line.Add(pid);)
            pid = ProcFile.TryReadStat(pid)?.Parent ?? 0;
        return line;
    }
}
