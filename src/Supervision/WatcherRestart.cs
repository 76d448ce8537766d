namespace Supervisor.Supervision;

/// <param name="Degraded">Start it with the polling backend, because the present backend has failed too often.</param>
public sealed record WatcherRestartDecision(TimeSpan Delay, bool Degraded);

/// <summary>
/// The restart rule of the watcher, which is never given up. The first restart is immediate, then with backoff; after five failures in a minute it is
/// degraded, with one attempt per minute. Constants: design, section 8. Pure.
/// </summary>
public static class WatcherRestart
{
    public static readonly BackoffRule DefaultBackoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));

    public static readonly CrashLoopRule DegradedAfter = new(Failures: 5, TimeSpan.FromSeconds(60));

    public static readonly TimeSpan DegradedRetry = TimeSpan.FromSeconds(60);

    /// <param name="history">Includes this failure.</param>
    /// <param name="alreadyDegraded">It was degraded when it failed: it stays so until the user restarts it.</param>
    public static WatcherRestartDecision Decide(
        RestartHistory history, BackoffRule backoff, bool alreadyDegraded, TimeSpan now, double random01)
    {
        var degraded = alreadyDegraded || history.CountWithin(DegradedAfter.Within, now) >= DegradedAfter.Failures;
        if (degraded && history.Consecutive > 1)
            return new WatcherRestartDecision(DegradedRetry, Degraded: true);

        return new WatcherRestartDecision(backoff.DelayAfter(history.Consecutive - 1, random01), degraded);
    }
}
