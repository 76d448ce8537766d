namespace Supervisor.Processes;

/// <param name="KilledAfterGrace">Something had to be killed: the main process did not end in time, or left processes that did not.</param>
/// <param name="Survivors">Processes that survived the kill (in uninterruptible sleep, or another user's). Empty: proven gone.</param>
public sealed record StopReport(bool KilledAfterGrace, IReadOnlyList<int> Survivors);

/// <summary>Sends the signal, waits for the grace period, then kills. Returns only once everything is gone, or has survived a kill for 2 s.</summary>
public static class StopSequence
{
    /// <summary>The grace period of the rest of a tree after its main process has ended (faults 3.4).</summary>
    public static readonly TimeSpan RestGrace = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait for proof that a kill has worked (faults 3.4).</summary>
    public static readonly TimeSpan KillDeadline = TimeSpan.FromSeconds(2);

    /// <param name="signal">Asks the server to end; SIGTERM unless configured.</param>
    /// <param name="restGrace">How long the rest of the tree may take when the main process has ended; never longer than <paramref name="grace"/> in all.</param>
    /// <param name="killNow">Ends the grace period early; the kill itself cannot be cancelled.</param>
    public static async Task<StopReport> RunAsync(
        Child main, ProcessScope scope, int signal, TimeSpan grace, TimeSpan restGrace, TimeProvider time, CancellationToken killNow)
    {
        var since = time.GetTimestamp();
        RequestStop(main, scope, signal);
        await ((Task)main.Exited).WaitAsync(grace, time, killNow).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var rest = grace - time.GetElapsedTime(since);
        rest = !main.Exited.IsCompleted ? TimeSpan.Zero : rest < restGrace ? rest : restGrace;
        if (main.Exited.IsCompleted && await scope.WaitEmptyAsync(rest, time, killNow).ConfigureAwait(false))
            return new StopReport(KilledAfterGrace: false, []);

        var empty = await scope.KillAsync(KillDeadline, time).ConfigureAwait(false);
        // The scope is empty, so the main process is dead; the reaper is about to report its exit.
        if (empty)
            await ((Task)main.Exited).WaitAsync(KillDeadline, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new StopReport(KilledAfterGrace: true, empty ? [] : scope.Members());
    }

    // A stopped process keeps the signal pending, so it is continued afterwards. If the main process has ended, its group cannot be signalled by number
    // any more.
    private static void RequestStop(Child main, ProcessScope scope, int signal)
    {
        if (main.TrySignalGroup(signal))
        {
            main.TrySignalGroup(Signals.Continue);
            return;
        }

        scope.Signal(signal);
        scope.Signal(Signals.Continue);
    }
}
