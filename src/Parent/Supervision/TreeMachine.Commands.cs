namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    private void StartRequested(IReadOnlyList<string> services)
    {
        foreach (var slot in Plan.WithDependencies(services.Where(Plan.Knows)).Select(service => _state.Hosts[service]))
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

    /// <summary>Hosts with another configuration, and those of removed services, are shut down as soon as their dependants allow it.</summary>
    private void Replace(TreePlan earlier, TreePlan plan)
    {
        _state = _state with { Plan = plan, Change = null };
        Do(new Effect.UsePlan(plan));

        foreach (var slot in _state.Hosts.Values.Where(slot => !plan.Knows(slot.Service)))
            Put(slot with { Desired = new DesiredState.Down(Now: false) });

        foreach (var spec in plan.Spec.Services)
        {
            var added = HostSlot.Initial(spec, left: false, plan.Autostart);
            var slot = _state.Hosts.GetValueOrDefault(spec.Name, added);
            Put(slot with { Spec = earlier.HashOf(spec.Name) == plan.HashOf(spec.Name) ? spec : slot.Spec, Desired = earlier.Knows(spec.Name) ? slot.Desired : added.Desired });
        }
    }

    private WatcherSlot RestartRequested(WatcherSlot slot) => slot.State switch
    {
        WatcherState.Up => Replace(slot, "manual", "a new watcher was requested"),
        WatcherState.Absent => slot with { State = new WatcherState.Absent(_at.Now), Degraded = false },
        _ => slot,
    };

    private static bool HasServer(ServiceStatus status) => status.State is
        ServicePhase.Starting or ServicePhase.Running or ServicePhase.Ready or ServicePhase.Unhealthy or ServicePhase.Validating or ServicePhase.Draining;
}
