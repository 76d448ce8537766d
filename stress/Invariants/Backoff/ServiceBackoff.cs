using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Backoff;

/// <summary>
/// One service's failures and what came after each, from its ledger alone: all its times are of one clock. In doubt fewer
/// failures in a row are assumed than there may have been.
/// </summary>
internal sealed class ServiceBackoff(string service, CheckCounter checks)
{
    /// <summary>The ledger's times are cut to the millisecond.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(5);

    /// <summary>What lies at the very edge of the windows of a crash loop.</summary>
    private static readonly TimeSpan EdgeOfWindow = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Longest = (ProductSpec.ServiceBackoffCap * (1 + ProductSpec.Jitter)) + BackoffIsObeyed.StartTime;

    private readonly List<DateTimeOffset> _deaths = [];
    private DateTimeOffset? _up;
    private (DateTimeOffset Died, TimeSpan HappenedAt)? _open;
    private bool _onProbation;
    private int _inRow;

    public int Failures => _deaths.Count;

    public int MostInRow { get; private set; }

    public void Apply(LedgerEntrySeen seen)
    {
        var entry = seen.Entry;

        switch (entry.Event)
        {
            case "failed":
                Died(seen);
                _open = (_deaths[^1], seen.HappenedAt);
                break;

            case "crash-loop":
                Died(seen);
                GaveUp(seen);
                break;

            case "started" or "reloaded":
                Started(seen);
                break;

            case "ready":
                _up = entry.At;
                break;

            // Stopped, blocked, completed: nothing is waited for.
            case not ("refused" or "held"):
                _open = null;
                break;
        }
    }

    /// <summary>Nothing was said of it any more.</summary>
    public void End(TimeSpan at)
    {
        if (_open is { } open && at - open.HappenedAt > Longest)
            checks.Fail(at, $"{service} failed {VerdictFormat.Span(at - open.HappenedAt)} before the end and was never started again");
    }

    private void Died(LedgerEntrySeen seen)
    {
        var died = seen.Entry.Exit?.At ?? seen.Entry.At;
        Settle(died);
        _inRow++;
        _deaths.Add(died);
        MostInRow = Math.Max(MostInRow, _inRow);
    }

    private void GaveUp(LedgerEntrySeen seen)
    {
        checks.Check(_onProbation || ProductSpec.IsCrashLoop(_deaths, EdgeOfWindow), seen.At, () =>
            $"{service} was given up after {_inRow} failures in a row, which are not yet a crash loop");
        (_open, _onProbation) = (null, true);
    }

    private void Started(LedgerEntrySeen seen)
    {
        Settle(seen.Entry.At);
        _up = seen.Entry.At;

        if (seen.Entry.Cause is "autostart" or "manual")
            _inRow = 0;

        if (_open is { } open)
            Judge(seen, seen.Entry.At - open.Died);

        _open = null;
    }

    /// <summary>A change, or another host, ends the wait; only the start that waited for its time is held to it.</summary>
    private void Judge(LedgerEntrySeen seen, TimeSpan gap)
    {
        var due = seen.Entry.Cause == "crash" ? ProductSpec.ServiceBackoff(_inRow) : TimeSpan.Zero;

        if (gap < (due * (1 - ProductSpec.Jitter)) - Rounding)
        {
            checks.Fail(seen.At,
                $"{service} was started {VerdictFormat.Span(gap)} after its failure number {_inRow} in a row; {VerdictFormat.Span(due)} ± 25 % were due");
            return;
        }

        checks.Check(gap <= Longest, seen.At, () =>
            $"{service} was started only {VerdictFormat.Span(gap)} after its death; {VerdictFormat.Span(Longest)} are the most");
    }

    private void Settle(DateTimeOffset at)
    {
        if (_up is { } up && at - up >= ProductSpec.Stable)
            (_inRow, _onProbation) = (0, false);

        _up = null;
    }
}
