using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>
/// Tracks each fault until its target has recovered: another watcher is watching, another server is ready, another parent runs; or, when nothing died, until
/// the fault is over.
/// </summary>
internal sealed class FaultHistory
{
    private readonly List<TrackedFault> _faults = [];
    private readonly Dictionary<string, ServiceSeen> _services = new(StringComparer.Ordinal);
    private WatcherSeen? _watcher;
    private ParentSeen? _parent;

    public IReadOnlyList<FaultRow> Rows => [.. _faults.Select(fault => fault.Row)];

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case FaultBegan began:
                _faults.Add(new TrackedFault(began.Fault, began.Pid, new FaultRow(
                    began.At, began.Name, began.Target, began.Service, Skipped: false, VictimDied: false, "not over at the end", Recovered: null)));
                break;
            case FaultSkipped skipped:
                _faults.Add(new TrackedFault(skipped.Fault, victim: null, new FaultRow(
                    skipped.At, skipped.Name, Target: null, Service: null, Skipped: true, VictimDied: false, skipped.Why, Recovered: null)));
                break;
            case FaultEnded ended when _faults.Find(fault => fault.Number == ended.Fault && !fault.Row.Skipped) is { } fault:
                fault.IsOver = true;
                fault.Row = fault.Row with { VictimDied = ended.VictimDied, Outcome = ended.Detail };
                UpdateRecovered(ended.At);
                break;
            case WatcherSeen seen:
                _watcher = seen;
                UpdateRecovered(seen.At);
                break;
            case ServiceSeen seen:
                _services[seen.Service] = seen;
                UpdateRecovered(seen.At);
                break;
            case ParentSeen seen:
                _parent = seen;
                UpdateRecovered(seen.At);
                break;
        }
    }

    private void UpdateRecovered(TimeSpan at)
    {
        foreach (var fault in _faults.Where(fault => fault.Row is { Skipped: false, Recovered: null } && HasRecovered(fault)))
            fault.Row = fault.Row with { Recovered = at - fault.Row.At };
    }

    private bool HasRecovered(TrackedFault fault)
    {
        var service = fault.Row.Service is { } name ? _services.GetValueOrDefault(name) : null;
        var (isUp, pid) = fault.Row.Target switch
        {
            FaultTarget.Watcher => (_watcher?.State == WatcherPhase.Watching, _watcher?.Pid),
            FaultTarget.Parent => (true, _parent?.Pid),
            FaultTarget.Host => (service?.State == ServicePhase.Ready, service?.HostPid),
            _ => (service?.State == ServicePhase.Ready, service?.Pid),
        };
        var isAnother = fault.Victim is { } victim && pid is not null && pid != victim;
        return isUp && (isAnother || (fault.IsOver && (!fault.Row.VictimDied || fault.Victim is null)));
    }

    private sealed class TrackedFault(int number, int? victim, FaultRow row)
    {
        public int Number { get; } = number;

        public int? Victim { get; } = victim;

        public FaultRow Row { get; set; } = row;

        public bool IsOver { get; set; }
    }
}
