using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Backoff;

/// <summary>
/// Checks the gaps between the exits of watchers and the starts of the next. Where the record leaves open how many failures were in a row (a watcher that no
/// board showed, one that lived for just 30 s), it assumes the fewer: then a shorter wait is required, and correct behaviour is never reported.
/// </summary>
internal sealed class WatcherBackoff(CheckCounter checks)
{
    /// <summary>Start times have ticks of 10 ms, and exit times come from another clock.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMilliseconds(50);

    /// <summary>Exit codes of planned exits, which are replaced at once: 0, or 75 when the watcher asks for it itself.</summary>
    private static readonly int?[] Planned = [0, 75];

    /// <summary>The wall-clock time at the start of the run; learned from the ledger, which has both times.</summary>
    private DateTimeOffset? _origin;

    private WatcherSeen? _last;
    private int _failures;
    private int _restarts;
    private bool _leaking;

    public string Measured => $"{VerdictFormat.Count(_restarts)} restarts of the watcher";

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case LedgerEntrySeen seen:
                _origin = seen.Entry.At - seen.HappenedAt;
                break;

            // The next watcher starts without earlier failures.
            case FaultBegan { Target: FaultTarget.Parent }:
            case ParentSeen:
                (_last, _failures) = (null, 0);
                break;

            // Near its cap the watcher is replaced in order; when it reaches the cap meanwhile, that does not count as a failure.
            case FaultBegan { Target: FaultTarget.Watcher } fault:
                _leaking = FaultTraits.IsLeak(fault.Name);
                break;

            case WatcherSeen { Pid: not null } seen:
                Check(seen);
                _last = seen;
                break;
        }
    }

    private void Check(WatcherSeen seen)
    {
        if (_last is null || seen.Pid == _last.Pid || seen.LastExit is not { } exit)
            return;

        _restarts++;
        var planned = _leaking || Planned.Contains(exit.Code);
        _leaking = false;

        if (_origin is not { } origin)
            return;

        var died = exit.At - origin;
        if (_last.StartedAt is not { } began || died - began >= ProductSpec.Stable)
            _failures = 0;

        _failures += planned ? 0 : 1;

        // The replacement runs before the old watcher exits: no backoff applies.
        if (seen.StartedAt is { } started && started > died)
            CheckGap(seen.At, started - died, planned ? TimeSpan.Zero : ProductSpec.WatcherBackoff(_failures));
    }

    private void CheckGap(TimeSpan at, TimeSpan gap, TimeSpan due)
    {
        var least = (due * (1 - ProductSpec.Jitter)) - ClockTolerance;
        var most = (ProductSpec.WatcherBackoffCap * (1 + ProductSpec.Jitter)) + BackoffIsObeyed.StartTime;

        if (gap < least)
        {
            checks.Fail(at,
                $"the watcher was back {VerdictFormat.Span(gap)} after failure {_failures} in a row; "
                + $"{VerdictFormat.Span(due)} ± 25 % is required");
            return;
        }

        checks.Check(gap <= most, at, () =>
            $"the watcher was back only {VerdictFormat.Span(gap)} after its death; at most {VerdictFormat.Span(most)} is allowed");
    }
}
