namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    private void StartRequested(IReadOnlyList<string> services, bool Alone)
    {
        var known = services.Where(Plan.Knows).ToArray();
        var all = Alone ? known : Plan.WithDependencies(known);

        foreach (var slot in all.Select(service => _state.Hosts[service]))
        {
            var isNamed = services.Contains(slot.Service, StringComparer.Ordinal);
            // A task that has done its work is not done again for those that only want it done.
            var isDone = !isNamed && slot.Status.State == ServicePhase.Completed && !Plan.IsToBeReady(slot.Service, all);

            Put(slot with
            {
                Desired = new DesiredState.Run(isNamed ? "manual" : "dependency", Alone),
                State = slot.State switch
                {
                    // A command skips the backoff.
                    HostState.Absent => new HostState.Absent(_at.Now),
                    HostState.Linked { Activity: HostActivity.Serving } linked when HasEnded(slot.Status) && !isDone && !slot.IsRestarting => linked with { Activity = new HostActivity.StartingAgain() },
                    var other => other,
                },
            });
        }
    }

    /// <summary>
    /// A server that runs is restarted by its host, and what it depends on is left alone. Of all others a start is requested; where a server may still run, it
    /// is restarted if it is not stopped first.
    /// </summary>
    private void RestartRequested(IReadOnlyList<string> services, bool force)
    {
        StartRequested([.. services.Where(service => _state.Hosts[service].State is not HostState.Linked { Activity: HostActivity.Serving })], Alone: false);

        foreach (var slot in services.Where(Plan.Knows).Select(service => _state.Hosts[service]))
        {
            if (slot.State is HostState.Dialling or HostState.Linked)
                Put(slot with { Desired = new DesiredState.Run("manual"), Restart = new RequestedRestart.Waiting(force) });
        }
    }

    /// <summary>Only the named services stop, dependants first.</summary>
    private void StopRequested(IReadOnlyList<string> services, bool Now)
    {
        foreach (var service in services)
            Put(_state.Hosts[service] with { Desired = new DesiredState.Down(Now), Restart = null });
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

    /// <summary>A server was started, none runs, and another start is needed. Not "stopped": then the start that was ordered is still to come.</summary>
    private static bool HasEnded(ServiceStatus status) =>
        status.State is ServicePhase.Blocked or ServicePhase.Backoff or ServicePhase.CrashLoop or ServicePhase.Completed or ServicePhase.Failed;
}
