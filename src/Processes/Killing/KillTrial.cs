namespace Supervisor.Processes;

/// <summary>Tries a rung on a real sleeping process: enter, kill, check. Leaves nothing behind.</summary>
internal static class KillTrial
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>null: the rung works.</summary>
    /// <param name="treeId">No service of the tree is called ".trial": names do not begin with a dot.</param>
    public static async Task<string?> FindProblemAsync(string treeId, string rung, TimeProvider time, CancellationToken cancellationToken)
    {
        if (rung == KillLadder.Group)
            return null;
        if (rung == KillLadder.Walk)
            return File.Exists("/proc/thread-self/children") ? null : "the kernel lists no children in /proc";

        ProcessScope scope;
        try
        {
            scope = KillLadder.ForRung(rung).CreateScope(treeId, ".trial");
        }
        catch (IOException refused)
        {
            return refused.Message;
        }

        try
        {
            return await TryAsync(scope, time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            scope.Remove();
        }
    }

    private static async Task<string?> TryAsync(ProcessScope scope, TimeProvider time, CancellationToken cancellationToken)
    {
        using var launcher = new ProcessLauncher(time);
        Child child;
        try
        {
            child = launcher.Spawn(new SpawnRequest(["/bin/sleep", "5"], "/", InheritedEnvironment.Read()) { Scope = scope });
        }
        catch (SpawnException failure)
        {
            return failure.Message;
        }

        var entered = await EnteredAsync(scope, child, time, cancellationToken).ConfigureAwait(false);
        var empty = await scope.KillAsync(Timeout, time).ConfigureAwait(false);
        return !entered ? "a process could not enter the cgroup" : empty ? null : "a process in the cgroup survived the kill";
    }

    private static async Task<bool> EnteredAsync(ProcessScope scope, Child child, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = new CgroupFolder(scope.Path!);
        var since = time.GetTimestamp();
        while (!folder.Processes().Contains(child.Pid))
        {
            if (child.Exited.IsCompleted || time.GetElapsedTime(since) > Timeout)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(1), time, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }
}
