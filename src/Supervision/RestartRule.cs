using System.Globalization;

namespace Supervisor.Supervision;

/// <summary>Whether an exit leads to a restart.</summary>
public enum RestartMode
{
    OnFailure,
    Always,
    Never,
}

/// <summary>What to do with a child that has exited.</summary>
public abstract record RestartDecision
{
    private RestartDecision()
    {
    }

    /// <param name="Completed">true: it exited with success; false: it failed and is not restarted.</param>
    public sealed record StayDown(bool Completed) : RestartDecision;

    /// <param name="Delay">From the exit.</param>
    public sealed record RestartAfter(TimeSpan Delay) : RestartDecision;

    /// <summary>A crash loop: it stays down until a command, a relevant file change or a changed spec.</summary>
    /// <param name="Evidence">In words: how many failures, within what time.</param>
    public sealed record GiveUp(string Evidence) : RestartDecision;
}

/// <summary>Decides about a child that exited by itself. Pure.</summary>
public static class RestartRule
{
    /// <param name="history">Includes this failure, if it was one.</param>
    /// <param name="now">On the clock of the history.</param>
    /// <param name="random01">In [0, 1): spreads the delay.</param>
    public static RestartDecision Decide(
        RestartMode mode, bool exitWasSuccess, RestartHistory history, BackoffRule backoff, CrashLoopRule crashLoop, TimeSpan now, double random01) =>
        (mode, exitWasSuccess) switch
        {
            (RestartMode.Never, _) or (RestartMode.OnFailure, true) => new RestartDecision.StayDown(exitWasSuccess),

            // A server with the policy "always" exits with success again and again: that is no failure, but it must not spin.
            (_, true) => new RestartDecision.RestartAfter(backoff.DelayAfter(Math.Max(1, history.Consecutive), random01)),

            _ when history.IsCrashLoop(crashLoop, now) => new RestartDecision.GiveUp(Evidence(history, crashLoop, now)),
            _ => new RestartDecision.RestartAfter(backoff.DelayAfter(history.Consecutive, random01)),
        };

    private static string Evidence(RestartHistory history, CrashLoopRule rule, TimeSpan now)
    {
        var failures = history.CountWithin(rule.Within, now);
        if (failures >= Math.Min(rule.Failures, RestartHistory.MaxFailures))
            return Words(failures, rule.Within);

        var many = history.CountWithin(CrashLoopRule.LongWithin, now);
        return many >= CrashLoopRule.LongFailures ? Words(many, CrashLoopRule.LongWithin) : "failed again in its probation run";
    }

    private static string Words(int failures, TimeSpan within) =>
        string.Create(CultureInfo.InvariantCulture, $"failed {failures} times within {Span(within)}");

    private static string Span(TimeSpan within) =>
        within.TotalMinutes > 1 && within.Seconds == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)within.TotalMinutes} min")
            : string.Create(CultureInfo.InvariantCulture, $"{within.TotalSeconds:0.###} s");
}
