namespace Supervisor.Host.StateMachine;

/// <summary>A server that serves, but fails its health check.</summary>
internal static partial class HostMachine
{
    private static Transition OnHealthFailed(Transition transition, HostEvent.HealthFailed failed)
    {
        var run = transition.State.Run()!;

        if (run.Generation != failed.Generation || transition.Context.Spec.Health is not { } health)
            return transition;

        // Until the first of these checks it was healthy: the time of the others makes no stable run.
        transition = ResetAfterStableRun(transition, failed.Since)
            .WithRecord(record => record with { DownSince = record.DownSince ?? transition.Now })
            .WithState(new HostState.Unhealthy(run, failed.Reason));

        return health.OnFailure == HealthAction.Restart
            ? Drain(transition, run, new AfterDrain.Recover(Cause.Health, $"failed {StatusText.HealthChecks(health.Failures)} ({failed.Reason})"))
            : transition.WithLedgerEntry("unhealthy", Cause.Health, failed.Reason, run.Pid);
    }

    private static Transition OnHealthPassed(Transition transition, HostState.Unhealthy state, HostEvent.HealthPassed passed)
    {
        if (state.Run.Generation != passed.Generation)
            return transition;

        return transition.WithLedgerEntry("healthy", Cause.Health, pid: state.Run.Pid, downtimeMs: Downtime(transition))
            .WithRecord(record => record with { DownSince = null })
            .WithState(transition.Context.Spec.Ready is null ? new HostState.Running(state.Run) : new HostState.Ready(state.Run, transition.Context.Now));
    }
}
