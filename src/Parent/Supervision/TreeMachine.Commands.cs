namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    private void StartRequested(IReadOnlyList<string> services)
    {
        foreach (var slot in _plan.WithDependencies(services).Select(service => _state.Hosts[service]))
        {
            Put(slot with
            {
                Desired = new DesiredState.Run(services.Contains(slot.Service, StringComparer.Ordinal) ? "manual" : "dependency"),
                State = slot.State switch
                {
                    // A command skips the backoff.
                    HostState.Absent => new HostState.Absent(_at.Now),
                    HostState.Linked { Activity: HostActivity.Serving } linked when !HasServer(slot.Status) => linked with { Activity = new HostActivity.Idle() },
                    var other => other,
                },
            });
        }
    }

    /// <summary>Only the named services stop, dependants first.</summary>
    private void StopRequested(IReadOnlyList<string> services, bool Now)
    {
        foreach (var service in services)
            Put(_state.Hosts[service] with { Desired = new DesiredState.Down(Now) });
    }

    private WatcherSlot RestartRequested(WatcherSlot slot) => slot.State switch
    {
        WatcherState.Up => Replace(slot, "manual", "a new watcher was requested"),
        WatcherState.Absent => slot with { State = new WatcherState.Absent(_at.Now), Degraded = false },
        _ => slot,
    };

    private static bool HasServer(ServiceStatus status) => status.State is
        ServicePhase.Starting or ServicePhase.Running or ServicePhase.Ready or ServicePhase.Validating or ServicePhase.Draining;
}
