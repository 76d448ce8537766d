using Supervisor.Processes;

namespace Supervisor.Host.StateMachine;

/// <summary>From a pending reload through its validation to its execution.</summary>
internal static partial class HostMachine
{
    private static Transition OnValidationPassed(Transition transition, HostState.Validating state, HostEvent.ValidationPassed passed)
    {
        if (passed.Number != state.Number || transition.Record.Pending is not { } pending)
            return transition;

        transition = transition.WithState(state.Underlying)
            .WithRecord(record => record with { LastChange = record.LastChange is { } change ? change with { Validated = transition.Now } : null });

        // A server that reads the files itself has what changed meanwhile.
        return ExecuteReload(transition, transition.Context.Spec.Build is null ? pending : pending with { Missed = pending.Missed.With([.. state.Heard.Files]) });
    }

    private static Transition OnValidationRefused(Transition transition, HostState.Validating state, HostEvent.ValidationRefused refused)
    {
        if (refused.Number != state.Number || transition.Record.Pending is not { } pending)
            return transition;

        // What has changed meanwhile may have mended it.
        if (!refused.IsLack && pending.Rounds.MayRepeat(state.Heard))
            return ReloadScheduler.Repeat(transition, state, pending);

        return Refuse(transition, state, pending with { Missed = pending.Missed.With([.. state.Heard.Files]) }, refused.Reason, refused.IsLack, Cause.Validation);
    }

    private static Transition Refuse(Transition transition, HostState.Preflight state, PendingReload pending, string reason, bool isLack, Cause cause)
    {
        var window = transition.Record.ReadWindow?.WithReload(pending);
        transition = transition.WithRecord(record => record with { Pending = null, Refusals = record.Refusals + 1 });
        transition = state.Run() is not null || state.Underlying is HostState.BackingOff
            ? transition.WithState(state.Underlying).WithRecord(record => record with { Refusal = reason })
            : isLack
                ? BlockOnLack(transition, reason, pending.Cause)
                : transition.WithState(new HostState.Blocked(new BlockReason.Validation(reason)))
                    .WithRecord(record => record with { ReadWindow = window?.ClosedAt(transition.Context.Now.Wall) });

        transition = transition.WithChangeEnded().WithLedgerEntry("refused", cause, reason, pid: state.Run()?.Pid, files: pending.Files);
        transition = pending.IsDoubted && transition.State is HostState.Blocked { Reason: BlockReason.Validation } ? ReloadScheduler.LookAgain(transition) : transition;
        return ReloadScheduler.ScheduleRecheck(transition, pending);
    }

    /// <summary>
    /// During a build or a validation the underlying state takes all other events. If it reaches a state that needs neither any more (a stop, or a requested
    /// start without validation, which reads the new files anyway), it is cancelled. An automatic start, after a backoff or when a port is free, does not: it
    /// waits for the result, because what is built or validated may be a request, and that must not be forgotten.
    /// </summary>
    private static Transition WhilePreflight(Transition transition, HostState.Preflight state, HostEvent hostEvent)
    {
        var after = Decide(transition.WithState(state.Underlying), hostEvent);

        return after.Record.Pending is null || !after.State.CanReload()
            ? after.WithEffect(CancelOf(state))
            : after.WithState(state with { Underlying = after.State });
    }

    internal static Effect CancelOf(HostState.Preflight state) =>
        state is HostState.Building ? new Effect.CancelBuild(state.Number) : new Effect.CancelValidation(state.Number);

    /// <summary>The reload is due, has been built, and has passed validation; or it needs neither.</summary>
    internal static Transition ExecuteReload(Transition transition, PendingReload pending) =>
        ReloadScheduler.ScheduleRecheck(Exchange(transition, pending), pending);

    private static Transition Exchange(Transition transition, PendingReload pending)
    {
        if (transition.Record.EnvFileRefusal is { } unusable && transition.State.Run() is not null)
            return RefuseReload(transition, pending, unusable);

        transition = transition.WithRecord(record => record with
        {
            Pending = null,
            Refusal = null,
            ReadWindow = record.ReadWindow?.WithReload(pending),
            Throttle = pending.Cause.IsChange() ? record.Throttle.WithReload(transition.Now, pending) : record.Throttle,
        });

        if (pending.Cause == Cause.Manual)
            transition = transition.WithoutFailures();

        // A completed task stands for what it has started.
        if (transition is { State: HostState.Completed, Record.HasRunSinceStop: true, Context.Spec.Stop.Command: not null })
            return RunStopCommand(transition, new AfterDrain.Start(pending.Cause));

        if (transition.State.Run() is not { } run)
            return Spawn(transition.State is HostState.CrashLoop && pending.Cause != Cause.Manual ? transition.WithProbation() : transition, pending.Cause);

        if (pending.Cause == Cause.Files && transition.Context.Spec.Watch?.OnChange is { Action: ChangeAction.Signal, Signal: { } signal })
            return Signal(transition, run, signal, pending.Files);

        return Drain(transition, run, new AfterDrain.Start(pending.Cause));
    }

    private static Transition Signal(Transition transition, ServerRun run, int signal, IReadOnlyList<string> files) => transition
        .WithRecord(record => record with
        {
            Reloads = record.Reloads + 1,
            RenewedAt = transition.Now,
            ReadWindow = record.ReadWindow?.MovedTo(transition.Context.Now.Wall),
        })
        .WithEffect(new Effect.SendSignal(run.Generation, signal))
        .WithLedgerEntry("reloaded", Cause.Files, $"{Signals.Name(signal)} sent", run.Pid, files: files, ended: transition.Record.LastChange?.EndAt(transition.Now))
        .WithChangeEnded();
}
