using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Judging.Backoff;

/// <summary>
/// One service's failures and what came after each, from its ledger alone: all its times are of one clock. In doubt fewer
/// failures in a row are assumed than there may have been.
/// </summary>
internal sealed class ServiceBackoff(string service, Tally tally)
{
    /// <summary>The ledger's times are cut to the millisecond.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(5);

    /// <summary>What lies at the very edge of the windows of a crash loop.</summary>
    private static readonly TimeSpan EdgeOfWindow = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Longest = (Promises.ServiceBackoffCap * (1 + Promises.Jitter)) + BackoffIsObeyed.StartTime;

    private readonly List<DateTimeOffset> _deaths = [];
    private DateTimeOffset? _up;
    private (DateTimeOffset Died, TimeSpan HappenedAt)? _open;
    private bool _onProbation;
    private int _inRow;

    public int Failures => _deaths.Count;

    public int MostInRow { get; private set; }

    public void See(LedgerSaid said)
    {
        var entry = said.Entry;

        switch (entry.Event)
        {
            case "failed":
                Died(said);
                _open = (_deaths[^1], said.HappenedAt);
                break;

            case "crash-loop":
                Died(said);
                GaveUp(said);
                break;

            case "started" or "reloaded":
                Started(said);
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
            tally.Fail(at, $"{service} failed {Words.Span(at - open.HappenedAt)} before the end and was never started again");
    }

    private void Died(LedgerSaid said)
    {
        var died = said.Entry.Exit?.At ?? said.Entry.At;
        Settle(died);
        _inRow++;
        _deaths.Add(died);
        MostInRow = Math.Max(MostInRow, _inRow);
    }

    private void GaveUp(LedgerSaid said)
    {
        tally.Check(_onProbation || Promises.IsCrashLoop(_deaths, EdgeOfWindow), said.At, () =>
            $"{service} was given up after {_inRow} failures in a row, which are not yet a crash loop");
        (_open, _onProbation) = (null, true);
    }

    private void Started(LedgerSaid said)
    {
        Settle(said.Entry.At);
        _up = said.Entry.At;

        if (said.Entry.Cause is "autostart" or "manual")
            _inRow = 0;

        if (_open is { } open)
            Judge(said, said.Entry.At - open.Died);

        _open = null;
    }

    /// <summary>A change, or another host, ends the wait; only the start that waited for its time is held to it.</summary>
    private void Judge(LedgerSaid said, TimeSpan gap)
    {
        var due = said.Entry.Cause == "crash" ? Promises.ServiceBackoff(_inRow) : TimeSpan.Zero;

        if (gap < (due * (1 - Promises.Jitter)) - Rounding)
        {
            tally.Fail(said.At,
                $"{service} was started {Words.Span(gap)} after its failure number {_inRow} in a row; {Words.Span(due)} ± 25 % were due");
            return;
        }

        tally.Check(gap <= Longest, said.At, () =>
            $"{service} was started only {Words.Span(gap)} after its death; {Words.Span(Longest)} are the most");
    }

    private void Settle(DateTimeOffset at)
    {
        if (_up is { } up && at - up >= Promises.Stable)
            (_inRow, _onProbation) = (0, false);

        _up = null;
    }
}
