using Supervisor.Stress.Invariants.Causes;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Backoff;

/// <summary>
/// Checks one service's failures and the starts after them, from its ledger alone: all its times come from one clock. In doubt it assumes fewer failures in a
/// row than there may have been.
/// </summary>
internal sealed class ServiceBackoff(string service, CheckCounter checks)
{
    /// <summary>The ledger's times are truncated to milliseconds.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(5);

    /// <summary>Tolerance at the edges of the crash-loop windows.</summary>
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
            case "failed" when entry.Cause != ServiceCauses.Host:
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

            // Stopped, blocked, completed: no restart is due.
            case not ("refused" or "held"):
                _open = null;
                break;
        }
    }

    /// <summary>Call at the end of the record.</summary>
    public void End(TimeSpan at)
    {
        if (_open is { } open && at - open.HappenedAt > Longest)
            checks.Fail(at, $"{service} failed {VerdictFormat.Span(at - open.HappenedAt)} before the end and was never started again");
    }

    private void Died(LedgerEntrySeen seen)
    {
        var died = seen.Entry.Exit?.At ?? seen.Entry.At;
        ResetIfStable(died);
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
        ResetIfStable(seen.Entry.At);
        _up = seen.Entry.At;

        if (seen.Entry.Cause is "autostart" or "manual")
            _inRow = 0;

        if (_open is { } open)
            Check(seen, seen.Entry.At - open.Died);

        _open = null;
    }

    /// <summary>A change or a new host ends the backoff early; only a start after a crash must wait for it.</summary>
    private void Check(LedgerEntrySeen seen, TimeSpan gap)
    {
        var due = seen.Entry.Cause == "crash" ? ProductSpec.ServiceBackoff(_inRow) : TimeSpan.Zero;

        if (gap < (due * (1 - ProductSpec.Jitter)) - Rounding)
        {
            checks.Fail(seen.At,
                $"{service} was started {VerdictFormat.Span(gap)} after failure {_inRow} in a row; {VerdictFormat.Span(due)} ± 25 % is required");
            return;
        }

        checks.Check(gap <= Longest, seen.At, () =>
            $"{service} was started only {VerdictFormat.Span(gap)} after its death; at most {VerdictFormat.Span(Longest)} is allowed");
    }

    private void ResetIfStable(DateTimeOffset at)
    {
        if (_up is { } up && at - up >= ProductSpec.Stable)
            (_inRow, _onProbation) = (0, false);

        _up = null;
    }
}
