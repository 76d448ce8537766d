namespace Supervisor.Processes;

/// <summary>Kills the process that holds a <see cref="FileLock"/> where nobody has recorded its identity.</summary>
public static class LockHolder
{
    /// <summary>Returns once it has ended, at the latest after <paramref name="within"/>. Nothing happens if nobody holds the lock.</summary>
    /// <param name="lastArgument">Of its command line. A process with another one is left alone: the lock file may name an old pid.</param>
    public static async Task KillAsync(string lockPath, string lastArgument, TimeSpan within, TimeProvider time)
    {
        if (FileLock.HolderPid(lockPath) is not { } pid || ProcessIdentity.TryRead(pid) is not { } found || ForeignProcess.TryOpen(found) is not { } holder)
            return;

        using (holder)
        {
            // Checked only after the process is opened: the pid may belong to another process by now.
            if (ProcessStatistics.Describe(pid)?.Command.EndsWith(" " + lastArgument, StringComparison.Ordinal) != true)
                return;

            holder.TrySignal(Signals.Kill);
            await holder.Gone.WaitAsync(within, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
