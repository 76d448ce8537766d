using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Backoff;

/// <summary>
/// The gaps between the deaths of watchers and the starts of the next. Where the record leaves open how many failures were in a
/// row (a watcher that nobody saw, one that lived for just 30 s), the fewer are taken: a shorter wait is due then, so nothing
/// is blamed that was right.
/// </summary>
internal sealed class WatcherBackoff(CheckCounter checks)
{
    /// <summary>A start is told in ticks of 10 ms, and a death on another clock.</summary>
    private static readonly TimeSpan Coarse = TimeSpan.FromMilliseconds(50);

    /// <summary>It left in order, to be replaced at once: 0, or 75 when it asks for it itself.</summary>
    private static readonly int?[] Planned = [0, 75];

    /// <summary>What the wall clock says less what the run's clock says; learned from the ledger, which has both.</summary>
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

            // Its next watcher knows nothing of earlier failures.
            case FaultBegan { Target: FaultTarget.Parent }:
            case ParentSeen:
                (_last, _failures) = (null, 0);
                break;

            // Near its cap it is replaced in order; when it hits the cap meanwhile, that is no failure, whatever it looks like.
            case FaultBegan { Target: FaultTarget.Watcher } fault:
                _leaking = FaultTraits.IsLeak(fault.Name);
                break;

            case WatcherSeen { Pid: not null } seen:
                Look(seen);
                _last = seen;
                break;
        }
    }

    private void Look(WatcherSeen seen)
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

        // The one that is to take over is there before the old one leaves, or dies: that is no restart that could come too soon.
        if (seen.StartedAt is { } started && started > died)
            Judge(seen.At, started - died, planned ? TimeSpan.Zero : ProductSpec.WatcherBackoff(_failures));
    }

    private void Judge(TimeSpan at, TimeSpan gap, TimeSpan due)
    {
        var least = (due * (1 - ProductSpec.Jitter)) - Coarse;
        var most = (ProductSpec.WatcherBackoffCap * (1 + ProductSpec.Jitter)) + BackoffIsObeyed.StartTime;

        if (gap < least)
        {
            checks.Fail(at,
                $"the watcher was back {VerdictFormat.Span(gap)} after its failure number {_failures} in a row; "
                + $"{VerdictFormat.Span(due)} ± 25 % were due");
            return;
        }

        checks.Check(gap <= most, at, () =>
            $"the watcher was back only {VerdictFormat.Span(gap)} after its death; {VerdictFormat.Span(most)} are the most");
    }
}
