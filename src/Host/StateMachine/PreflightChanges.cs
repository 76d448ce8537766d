namespace Supervisor.Host.StateMachine;

/// <summary>
/// Changes that come while a build or a validation runs. Some are saved by a user, some are written by the command itself, and nobody can see which. So none is
/// left out: the command runs again until a run has no such change, and no command runs for ever. Pure.
/// </summary>
internal static class PreflightChanges
{
    public static Transition OnFilesChanged(Transition transition, HostState.Preflight state, HostEvent.FilesChanged change)
    {
        transition = WithSources(transition, change);

        // Noticed before the build began, so the build reads it.
        if (state is HostState.Building building && change.HeardUntil < building.Begun.Monotonic)
            return ReloadScheduler.AddToCurrentReload(transition, change.Files);

        if (transition.Record.Pending is not { } pending)
            return transition;

        // A build does not write what somebody else saves at other times, so what it makes is outdated. What it does write must not end it.
        var isOutdated = state is HostState.Validating || transition.Record.Sources.Contains(change.Files);

        if (!isOutdated || !pending.Rounds.MayCancel)
            return ReloadScheduler.AddToCurrentReload(transition.WithState(state with { Heard = state.Heard.With(change.Files) }), change.Files);

        return ReloadScheduler.Reload(
            transition.WithRecord(record => record with { Pending = pending with { Rounds = pending.Rounds.WithCancelled() } }), Cause.Files, change.Files);
    }

    /// <summary>Noticed while nothing was built.</summary>
    public static Transition WithSources(Transition transition, HostEvent.FilesChanged change) =>
        transition.Context.Spec.Build is null || transition.State is HostState.Building || !(change.HeardUntil > (transition.Record.Built?.Ended ?? TimeSpan.Zero))
            ? transition
            : transition.WithRecord(record => record with { Sources = record.Sources.With(change.Files) });
}
