namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    private void Enter(TreeEvent.StartWanted wanted)
    {
        foreach (var service in _plan.WithDependencies(wanted.Services))
        {
            var slot = _state.Hosts[service];
            var cause = wanted.Services.Contains(service, StringComparer.Ordinal) ? "manual" : "dependency";

            Put(slot with
            {
                Desire = new Desire.Run(cause),
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
    private void Enter(TreeEvent.StopWanted wanted)
    {
        foreach (var service in wanted.Services)
            Put(_state.Hosts[service] with { Desire = new Desire.Down(wanted.Now) });
    }

    private static bool HasServer(ServiceStatus status) => status.State is
        ServicePhase.Starting or ServicePhase.Running or ServicePhase.Ready or ServicePhase.Validating or ServicePhase.Draining;
}
