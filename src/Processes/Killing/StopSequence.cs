namespace Supervisor.Processes;

/// <param name="KilledAfterGrace">Something had to be killed: the main process did not end in time, or left others behind that did not.</param>
/// <param name="Survivors">What even the kill did not end (a process in an uninterruptible wait, another user's). Empty: proven gone.</param>
public sealed record StopReport(bool KilledAfterGrace, IReadOnlyList<int> Survivors);

/// <summary>Asks, waits out the grace period, then insists. Returns only once everything is gone, or has survived a kill for 2 s.</summary>
public static class StopSequence
{
    /// <summary>What the rest of a tree is given after its main process has ended (faults 3.4).</summary>
    public static readonly TimeSpan RestGrace = TimeSpan.FromSeconds(1);

    /// <summary>How long a kill may take to be proven (faults 3.4).</summary>
    public static readonly TimeSpan KillDeadline = TimeSpan.FromSeconds(2);

    /// <param name="signal">Asks the server to end; SIGTERM unless configured.</param>
    /// <param name="killNow">Cuts the grace period short; the kill itself is not cancelled.</param>
    public static async Task<StopReport> RunAsync(
        Child main, ProcessScope scope, int signal, TimeSpan grace, TimeProvider time, CancellationToken killNow)
    {
        var since = time.GetTimestamp();
        Ask(main, scope, signal);
        await ((Task)main.Exited).WaitAsync(grace, time, killNow).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var rest = grace - time.GetElapsedTime(since);
        rest = !main.Exited.IsCompleted ? TimeSpan.Zero : rest < RestGrace ? rest : RestGrace;
        if (main.Exited.IsCompleted && await scope.WaitEmptyAsync(rest, time, killNow).ConfigureAwait(false))
            return new StopReport(KilledAfterGrace: false, []);

        var empty = await scope.KillAsync(KillDeadline, time).ConfigureAwait(false);
        // Proven empty, the main process is dead; its exit reason is on its way from the reaper.
        if (empty)
            await ((Task)main.Exited).WaitAsync(KillDeadline, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new StopReport(KilledAfterGrace: true, empty ? [] : scope.Members());
    }

    // A stopped process would keep the signal pending: it is continued after it. With the main process gone, its group has no name any more.
    private static void Ask(Child main, ProcessScope scope, int signal)
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
