
namespace Supervisor.Host.Serving;

/// <summary>From a pending reload to its verdict and its execution.</summary>
internal static partial class HostMachine
{
    private static Turn OnValidationPassed(Turn turn, HostState.Validating state, HostEvent.ValidationPassed passed)
    {
        if (passed.Number != state.Number)
            return turn;

        turn = turn.To(state.Meanwhile);
        return turn.Record.Pending is { } pending ? Apply(turn, pending) : turn;
    }

    private static Turn OnValidationRefused(Turn turn, HostState.Validating state, HostEvent.ValidationRefused refused)
    {
        if (refused.Number != state.Number)
            return turn;

        var files = turn.Record.Pending?.Files;
        return turn.To(state.Meanwhile)
            .Remember(record => record with { Pending = null, Refusal = refused.Reason, Refusals = record.Refusals + 1 })
            .ChangeEnded()
            .Note("refused", Cause.Validation, refused.Reason, pid: state.Run()?.Pid, files: files);
    }

    /// <summary>
    /// While a verdict is awaited the service goes on as if nothing were; where that leads to a place in which the verdict is no longer
    /// wanted (a stop, a start that reads the new files anyway), the validation is given up.
    /// </summary>
    private static Turn Meanwhile(Turn turn, HostState.Validating state, HostEvent happened)
    {
        var after = Transition(turn.To(state.Meanwhile), happened);

        return after.Record.Pending is null || !after.State.IsOpenToReload()
            ? after.Do(new Effect.CancelValidation(state.Number))
            : after.To(state with { Meanwhile = after.State });
    }

    /// <summary>Nothing stands against the pending reload any more.</summary>
    internal static Turn Apply(Turn turn, PendingReload pending)
    {
        turn = turn.Remember(record => record with
        {
            Pending = null,
            Refusal = null,
            Reading = record.Reading?.ReloadedFor(pending),
            Throttle = pending.Cause == Cause.Files ? record.Throttle.WithReload(turn.Now, pending) : record.Throttle,
        });

        if (pending.Cause == Cause.Manual)
            turn = turn.Forgiven();

        if (turn.State.Run() is not { } run)
            return Spawn(turn.State is HostState.CrashLoop && pending.Cause != Cause.Manual ? turn.OnProbation() : turn, pending.Cause);

        if (pending.Cause == Cause.Files && turn.At.Spec.Watch?.OnChange is { Action: ChangeAction.Signal, Signal: { } signal })
            return Signal(turn, run, signal, pending.Files);

        return Drain(turn, run, new AfterDrain.Start(pending.Cause));
    }

    private static Turn Signal(Turn turn, ServerRun run, int signal, IReadOnlyList<string> files) => turn
        .Remember(record => record with
        {
            Reloads = record.Reloads + 1,
            Reading = record.Reading is { } earlier ? earlier with { Begun = turn.At.Now.Wall, Ended = turn.At.Now.Wall + FileReading.Unprobed } : null,
        })
        .Do(new Effect.SendSignal(run.Generation, signal))
        .Note("reloaded", Cause.Files, $"signal {signal} sent", run.Pid, files: files)
        .ChangeEnded();
}
