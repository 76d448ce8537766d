using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Causes;

/// <summary>
/// Checks the exits of watchers, from the board and from the watcher's own ledger: none without a fault, none with another signal or cause, no fault missing.
/// A parent writes: <c>started</c>, <c>failed</c> (crash, hung, memory, link, spawn) and <c>stopped</c> (recycle, cpu, parent, manual); <c>trimmed</c> and
/// <c>throttled</c> are not exits.
/// </summary>
internal sealed class WatcherCauses(InjectedFaults faults, CheckCounter checks)
{
    /// <summary>Share of the cap from which an exit counts as planned: replacement begins at 80 %, less what memory may change between two samples.</summary>
    private const double NearCap = 0.7;

    private readonly List<LedgerEntrySeen> _entries = [];
    private WatcherSeen? _last;
    private ProcessSampled? _peak;

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            // The next parent starts with a new watcher; the one before exits with its parent.
            case FaultBegan { Target: FaultTarget.Parent }:
            case ParentSeen:
                _last = null;
                break;

            case ProcessSampled { Process: Roles.Watcher } sample when _peak?.Pid != sample.Pid || sample.PeakBytes > _peak.PeakBytes:
                _peak = sample;
                break;

            case WatcherSeen { Pid: not null } seen:
                CheckExit(seen);
                _last = seen;
                break;

            case LedgerEntrySeen { Service: Roles.Watcher } seen:
                CheckEntry(seen);
                break;
        }
    }

    /// <summary>Every fault that killed a watcher must be in the ledger. A record from before the watcher had a ledger is not checked.</summary>
    public void End(TimeSpan at)
    {
        if (_entries.Count == 0)
            return;

        foreach (var fault in faults.Of(FaultTarget.Watcher, null).Where(fault => fault.HasKilled))
        {
            if (_entries.Exists(seen => seen.Entry.Event is "failed" or "stopped" && seen.Entry.Pid == fault.Began.Pid))
                checks.Pass();
            else if (!fault.Precedes(at))
                checks.Fail(at, $"watcher: {fault.Description} is not in its ledger");
        }
    }

    private void CheckExit(WatcherSeen seen)
    {
        if (_last is null || seen.Pid == _last.Pid || seen.LastExit is not { } exit || exit == _last.LastExit)
            return;

        CheckExit(seen.At, seen.At, _last.Pid, exit);
    }

    private void CheckEntry(LedgerEntrySeen seen)
    {
        if (_entries is [.., { Entry: { Event: "stopped", Cause: "manual" } }])
            checks.Fail(seen.At, "the watcher was stopped without a command");

        _entries.Add(seen);

        switch (seen.Entry)
        {
            case { Event: "stopped", Cause: "parent" }:
                var parent = faults.FindCause(FaultTarget.Parent, null, null, seen.HappenedAt);
                checks.Check(parent is not null, seen.At, () => "the watcher lost its parent, and no fault killed the parent");
                break;

            case { Event: "failed" or "stopped", Exit: { } exit, Cause: not "manual" }:
                CheckExit(seen.At, seen.HappenedAt, seen.Entry.Pid, exit);
                break;
        }

        if (seen.Entry.Event == "failed" && faults.FindCause(FaultTarget.Watcher, null, seen.Entry.Pid, seen.HappenedAt) is { } fault)
        {
            var fits = fault.Causes.Contains(seen.Entry.Cause, StringComparer.Ordinal);
            checks.Check(fits, seen.At, () => $"{fault.Description} is recorded as {seen.Entry.Cause}");
        }
    }

    private void CheckExit(TimeSpan at, TimeSpan died, int? pid, ExitStatus exit)
    {
        var fault = faults.FindCause(FaultTarget.Watcher, null, pid, died);
        var reason = exit.Signal ?? $"exit code {exit.Code}";

        if (fault is null)
            checks.Check(IsPlanned(exit), at, () => $"the watcher (pid {pid}) ended with {reason}, and no fault targeted it");
        else
            checks.Check(fault.Fits(exit), at, () => $"the watcher (pid {pid}) ended with {reason}, which {fault.Description} does not cause");
    }

    /// <summary>Whether it was replaced in order: because it was near its cap, or because polling was no longer needed.</summary>
    private bool IsPlanned(ExitStatus exit) =>
        exit.Code is 0 or 75
        && (_last is { Degraded: true } || (_peak is { CapBytes: { } cap } fullest && fullest.PeakBytes >= cap * NearCap));
}
