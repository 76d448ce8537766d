using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Judging.Causes;

/// <summary>
/// The deaths of watchers, by the board and by the watcher's own ledger: none without a fault, none of another signal or cause,
/// no fault untold. What a parent writes: <c>started</c>, <c>failed</c> (crash, hung, memory, link, spawn) and <c>stopped</c>
/// (recycle, cpu, parent, manual); <c>trimmed</c> and <c>throttled</c> are no ends.
/// </summary>
internal sealed class WatcherCauses(InjectedFaults faults, Tally tally)
{
    /// <summary>Of its cap, less what grew or was given back between two samples: from 80 % on, it is replaced in order.</summary>
    private const double NearCap = 0.7;

    private readonly List<LedgerSaid> _entries = [];
    private WatcherSeen? _last;
    private ProcessSampled? _fullest;

    public void See(RunEvent happened)
    {
        switch (happened)
        {
            // The next parent's watcher is the first that it knows; the one before left with its parent.
            case FaultBegan { Target: FaultTarget.Parent }:
            case ParentSeen:
                _last = null;
                break;

            case ProcessSampled { Process: Roles.Watcher } sample when _fullest?.Pid != sample.Pid || sample.PeakBytes > _fullest.PeakBytes:
                _fullest = sample;
                break;

            case WatcherSeen { Pid: not null } seen:
                Look(seen);
                _last = seen;
                break;

            case LedgerSaid { Service: Roles.Watcher } said:
                Read(said);
                break;
        }
    }

    /// <summary>Every fault that killed one is in the ledger. A record from before the watcher had one says nothing of it.</summary>
    public void End(TimeSpan at)
    {
        if (_entries.Count == 0)
            return;

        foreach (var fault in faults.Of(FaultTarget.Watcher, null).Where(fault => fault.HasKilled))
        {
            if (_entries.Exists(said => said.Entry.Event is "failed" or "stopped" && said.Entry.Pid == fault.Began.Pid))
                tally.Pass();
            else if (!fault.Precedes(at))
                tally.Fail(at, $"watcher: {fault.Words} is not in its ledger");
        }
    }

    private void Look(WatcherSeen seen)
    {
        if (_last is null || seen.Pid == _last.Pid || seen.LastExit is not { } exit || exit == _last.LastExit)
            return;

        Judge(seen.At, seen.At, _last.Pid, exit);
    }

    private void Read(LedgerSaid said)
    {
        if (_entries is [.., { Entry: { Event: "stopped", Cause: "manual" } }])
            tally.Fail(said.At, "the watcher was stopped by hand, which nobody did");

        _entries.Add(said);

        switch (said.Entry)
        {
            case { Event: "stopped", Cause: "parent" }:
                var parent = faults.Behind(FaultTarget.Parent, null, null, said.HappenedAt);
                tally.Check(parent is not null, said.At, () => "the watcher lost its parent, and no fault had struck it");
                break;

            case { Event: "failed" or "stopped", Exit: { } exit, Cause: not "manual" }:
                Judge(said.At, said.HappenedAt, said.Entry.Pid, exit);
                break;
        }

        if (said.Entry.Event == "failed" && faults.Behind(FaultTarget.Watcher, null, said.Entry.Pid, said.HappenedAt) is { } fault)
        {
            var fits = fault.Causes.Contains(said.Entry.Cause, StringComparer.Ordinal);
            tally.Check(fits, said.At, () => $"{fault.Words} is told as {said.Entry.Cause}");
        }
    }

    private void Judge(TimeSpan at, TimeSpan died, int? pid, ExitStatus exit)
    {
        var fault = faults.Behind(FaultTarget.Watcher, null, pid, died);
        var words = exit.Signal ?? $"exit code {exit.Code}";

        if (fault is null)
            tally.Check(IsPlanned(exit), at, () => $"the watcher (pid {pid}) ended with {words}, and no fault had struck it");
        else
            tally.Check(fault.Fits(exit), at, () => $"the watcher (pid {pid}) ended with {words}, which {fault.Words} does not bring");
    }

    /// <summary>It was replaced in order because it was near its cap, or because it may now do without polling.</summary>
    private bool IsPlanned(ExitStatus exit) =>
        exit.Code is 0 or 75
        && (_last is { Degraded: true } || (_fullest is { CapBytes: { } cap } fullest && fullest.PeakBytes >= cap * NearCap));
}
