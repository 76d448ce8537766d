namespace Supervisor.Host.StateMachine;

/// <summary>The build of a pending reload or start.</summary>
internal static partial class HostMachine
{
    private static Transition OnBuildPassed(Transition transition, HostState.Building state, HostEvent.BuildPassed passed)
    {
        if (passed.Number != state.Number || transition.Record.Pending is not { } pending)
            return transition;

        if (WritesAgain(state, pending))
            return EndRecheck(transition, state);

        if (pending.Rounds.MayRepeat(state.Heard))
            return ReloadScheduler.Repeat(transition, state, pending);

        transition = transition.WithState(state.Underlying).WithRecord(record => record with
        {
            Built = new FinishedBuild(state.Begun, transition.Now),
            LastChange = record.LastChange is { } change ? change with { Built = transition.Now } : null,
        });
        return ReloadScheduler.Check(transition, pending with { Missed = state.Heard });
    }

    /// <summary>The old server stays, or the service is blocked.</summary>
    private static Transition OnBuildFailed(Transition transition, HostState.Building state, HostEvent.BuildFailed failed)
    {
        if (failed.Number != state.Number || transition.Record.Pending is not { } pending)
            return transition;

        if (WritesAgain(state, pending))
            return EndRecheck(transition, state);

        // What has changed meanwhile may have mended it.
        return !failed.IsLack && pending.Rounds.MayRepeat(state.Heard)
            ? ReloadScheduler.Repeat(transition, state, pending)
            : Refuse(transition, state, pending with { Missed = state.Heard }, failed.Reason, failed.IsLack, Cause.Build);
    }

    /// <summary>In a quiet time the same files have changed during a build as before: the build writes them.</summary>
    private static bool WritesAgain(HostState.Building state, PendingReload pending) =>
        pending is { Rechecks: > 0, Rounds.Ended: 0 } && !state.Heard.IsEmpty && state.Heard.Files.IsSubsetOf(pending.Files);

    private static Transition EndRecheck(Transition transition, HostState.Building state) =>
        transition.WithState(state.Underlying).WithRecord(record => record with { Pending = null }).WithChangeEnded();
}
