using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Causes;

/// <summary>
/// The deaths of watchers, by the board and by the watcher's own ledger: none without a fault, none of another signal or cause,
/// no fault untold. What a parent writes: <c>started</c>, <c>failed</c> (crash, hung, memory, link, spawn) and <c>stopped</c>
/// (recycle, cpu, parent, manual); <c>trimmed</c> and <c>throttled</c> are no ends.
/// </summary>
internal sealed class WatcherCauses(InjectedFaults faults, CheckCounter checks)
{
    /// <summary>Of its cap, less what grew or was given back between two samples: from 80 % on, it is replaced in order.</summary>
    private const double NearCap = 0.7;

    private readonly List<LedgerEntrySeen> _entries = [];
    private WatcherSeen? _last;
    private ProcessSampled? _fullest;

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
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

            case LedgerEntrySeen { Service: Roles.Watcher } seen:
                Read(seen);
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
            if (_entries.Exists(seen => seen.Entry.Event is "failed" or "stopped" && seen.Entry.Pid == fault.Began.Pid))
                checks.Pass();
            else if (!fault.Precedes(at))
                checks.Fail(at, $"watcher: {fault.Description} is not in its ledger");
        }
    }

    private void Look(WatcherSeen seen)
    {
        if (_last is null || seen.Pid == _last.Pid || seen.LastExit is not { } exit || exit == _last.LastExit)
            return;

        Judge(seen.At, seen.At, _last.Pid, exit);
    }

    private void Read(LedgerEntrySeen seen)
    {
        if (_entries is [.., { Entry: { Event: "stopped", Cause: "manual" } }])
            checks.Fail(seen.At, "the watcher was stopped by hand, which nobody did");

        _entries.Add(seen);

        switch (seen.Entry)
        {
            case { Event: "stopped", Cause: "parent" }:
                var parent = faults.Behind(FaultTarget.Parent, null, null, seen.HappenedAt);
                checks.Check(parent is not null, seen.At, () => "the watcher lost its parent, and no fault had struck it");
                break;

            case { Event: "failed" or "stopped", Exit: { } exit, Cause: not "manual" }:
                Judge(seen.At, seen.HappenedAt, seen.Entry.Pid, exit);
                break;
        }

        if (seen.Entry.Event == "failed" && faults.Behind(FaultTarget.Watcher, null, seen.Entry.Pid, seen.HappenedAt) is { } fault)
        {
            var fits = fault.Causes.Contains(seen.Entry.Cause, StringComparer.Ordinal);
            checks.Check(fits, seen.At, () => $"{fault.Description} is told as {seen.Entry.Cause}");
        }
    }

    private void Judge(TimeSpan at, TimeSpan died, int? pid, ExitStatus exit)
    {
        var fault = faults.Behind(FaultTarget.Watcher, null, pid, died);
        var words = exit.Signal ?? $"exit code {exit.Code}";

        if (fault is null)
            checks.Check(IsPlanned(exit), at, () => $"the watcher (pid {pid}) ended with {words}, and no fault had struck it");
        else
            checks.Check(fault.Fits(exit), at, () => $"the watcher (pid {pid}) ended with {words}, which {fault.Description} does not bring");
    }

    /// <summary>It was replaced in order because it was near its cap, or because it may now do without polling.</summary>
    private bool IsPlanned(ExitStatus exit) =>
        exit.Code is 0 or 75
        && (_last is { Degraded: true } || (_fullest is { CapBytes: { } cap } fullest && fullest.PeakBytes >= cap * NearCap));
}
