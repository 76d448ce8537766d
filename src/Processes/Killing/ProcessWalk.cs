namespace Supervisor.Processes;

/// <summary>Finds a process tree in /proc: by descent, by re-parenting to us (we are a subreaper), and by the tag in the environment.</summary>
internal static class ProcessWalk
{
    private const int MaxExecChecks = 100;

    /// <summary>The living leaders and all their descendants.</summary>
    public static HashSet<int> LivingTrees(IEnumerable<ProcessIdentity> leaders) =>
        WithDescendants(leaders.Where(leader => leader.IsAlive).Select(leader => leader.Pid));

    /// <summary>Also what has left those trees: orphans that were re-parented to us, and all processes with the tag.</summary>
    public static HashSet<int> AllMembers(IEnumerable<ProcessIdentity> leaders, string? tag)
    {
        var roots = leaders.Where(leader => leader.IsAlive).Select(leader => leader.Pid).Concat(OwnOrphans(tag));
        return WithDescendants(tag is null ? roots : roots.Concat(Tagged(tag)));
    }

    /// <summary>All processes with the tag, and their descendants.</summary>
    public static HashSet<int> TaggedTrees(string? tag) => tag is null ? [] : WithDescendants(Tagged(tag));

    public static HashSet<int> TaggedTrees(Func<string, bool> isWanted) =>
        WithDescendants(ProcFile.AllPids().Where(pid => ProcFile.Variable(pid, ProcessScope.TagVariable) is { } tag && isWanted(tag)));

    private static IEnumerable<int> Tagged(string tag) =>
        ProcFile.AllPids().Where(pid => ProcFile.Variable(pid, ProcessScope.TagVariable) == tag);

    // A child that we did not spawn has lost its parent somewhere below us. If it has another tag, it belongs to another scope. If it is in our own
    // session, other code in this process started it: what we spawn leads its own session.
    private static IEnumerable<int> OwnOrphans(string? tag)
    {
        var session = ProcFile.TryReadStat(Environment.ProcessId)?.Session;
        return ProcFile.Children(Environment.ProcessId).Where(pid =>
            !SpawnThread.Shared.IsUnreaped(pid)
            && ProcFile.TryReadStat(pid)?.Session != session
            && (TagOf(pid) ?? tag) == tag);
    }

    // An exec lasts microseconds, and hides the tag meanwhile.
    private static string? TagOf(int pid)
    {
        for (var check = 0; check < MaxExecChecks && ProcFile.IsInExec(pid); check++)
            Thread.Yield();
        return ProcFile.Variable(pid, ProcessScope.TagVariable);
    }

    private static HashSet<int> WithDescendants(IEnumerable<int> roots)
    {
        var excluded = OwnAncestors();
        var found = new HashSet<int>();
        var open = new Stack<int>(roots);
        while (open.TryPop(out var pid))
        {
            if (excluded.Contains(pid) || !ProcFile.IsAlive(pid) || !found.Add(pid))
                continue;
            foreach (var child in ProcFile.Children(pid))
                open.Push(child);
        }

        return found;
    }

    // We and our ancestors: if we carry the tag ourselves, we must not kill ourselves.
    private static HashSet<int> OwnAncestors()
    {
        var ancestors = new HashSet<int>();
        for (var pid = Environment.ProcessId; pid > 0 && ancestors.Add(pid);)
            pid = ProcFile.TryReadStat(pid)?.Parent ?? 0;
        return ancestors;
    }
}
