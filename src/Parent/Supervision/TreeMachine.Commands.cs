namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    private void StartWanted(IReadOnlyList<string> services)
    {
        foreach (var slot in _plan.WithDependencies(services).Select(service => _state.Hosts[service]))
        {
            Put(slot with
            {
                Desire = new Desire.Run(services.Contains(slot.Service, StringComparer.Ordinal) ? "manual" : "dependency"),
                State = slot.State switch
                {
                    // A command waits for no backoff.
                    HostState.Absent => new HostState.Absent(_at.Now),
                    HostState.Linked { Errand: Errand.Serving } linked when !HasServer(slot.Status) => linked with { Errand = new Errand.Idle() },
                    var other => other,
                },
            });
        }
    }

    /// <summary>Only the named ones stop; among them, dependants first.</summary>
    private void StopWanted(IReadOnlyList<string> services, bool Now)
    {
        foreach (var service in services)
            Put(_state.Hosts[service] with { Desire = new Desire.Down(Now) });
    }

    private WatcherSlot RestartWanted(WatcherSlot slot) => slot.State switch
    {
        WatcherState.Up => Relieve(slot, "manual", "somebody asked for another one"),
        WatcherState.Absent => slot with { State = new WatcherState.Absent(_at.Now), Degraded = false },
        _ => slot,
    };

    private static bool HasServer(ServiceStatus status) => status.State is
        ServicePhase.Starting or ServicePhase.Running or ServicePhase.Ready or ServicePhase.Validating or ServicePhase.Draining;
}
