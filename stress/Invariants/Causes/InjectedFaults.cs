using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Causes;

/// <summary>All faults of the run so far, with their ends once known. A fold.</summary>
internal sealed class InjectedFaults
{
    private readonly List<InjectedFault> _all = [];

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case FaultBegan began:
                _all.Add(new InjectedFault(began, Ended: null));
                break;

            case FaultEnded ended when _all.FindLastIndex(fault => fault.Began.Fault == ended.Fault) is >= 0 and var index:
                _all[index] = _all[index] with { Ended = ended };
                break;
        }
    }

    public InjectedFault? Find(int number) => _all.FindLast(fault => fault.Began.Fault == number);

    public IEnumerable<InjectedFault> Of(FaultTarget target, string? service) =>
        Enumerable.Reverse(_all).Where(fault => fault.Began.Target == target && (service is null || fault.Began.Service == service));

    /// <summary>The newest fault that may have killed this process at this time.</summary>
    public InjectedFault? FindCause(FaultTarget target, string? service, int? pid, TimeSpan at) => Of(target, service)
        .FirstOrDefault(fault => fault.Precedes(at) && (pid is null || fault.Began.Pid is null || fault.Began.Pid == pid));
}

/// <param name="Ended">null: it is still under way.</param>
internal sealed record InjectedFault(FaultBegan Began, FaultEnded? Ended)
{
    public string Description => $"fault {Began.Fault} ({Began.Name}, pid {Began.Pid})";

    public bool HasKilled => Ended is { VictimDied: true };

    /// <summary>The causes that the watcher's ledger may name for it. For a leak at the cap it depends on whether parent or kernel is faster.</summary>
    public IReadOnlyList<string> Causes =>
        FaultTraits.IsHang(Began.Name) ? ["hung"] : FaultTraits.IsLeak(Began.Name) ? ["memory", "crash"] : ["crash", "link"];

    /// <summary>Whether it began before that time and its effects may still last: no longer than a recovery may take.</summary>
    public bool Precedes(TimeSpan at) =>
        Began.At <= at + Disruptions.DisruptionLog.ClockTolerance && at <= (Ended?.At ?? at) + FaultsAreRecoveredFrom.Bound(Began.Target);

    /// <summary>Whether its victim may end like this. An exit status that was not collected fits every fault.</summary>
    public bool Fits(ExitStatus? exit) =>
        exit is null or { Reason: ExitKind.Lost }
        || FaultTraits.Signals(Began.Name) is not { Count: > 0 } signals
        || signals.Contains(exit.Signal, StringComparer.Ordinal);
}
