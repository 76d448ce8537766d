using Supervisor.Supervision;

namespace Supervisor.Host.Serving;

/// <summary>From a server that serves to whatever comes after it.</summary>
internal static partial class HostMachine
{
    /// <summary>How one run went wrong, or that it did not.</summary>
    private sealed record Failure(Cause Cause, string Words, TimeSpan At, ExitStatus? Exit = null, int? Pid = null, bool IsSuccess = false);

    private static Turn Drain(Turn turn, ServerRun run, AfterDrain next) => AfterStability(turn)
        .Remember(record => record with { DownSince = record.DownSince ?? turn.Now })
        .To(new HostState.Draining(run, next))
        .Do(new Effect.Drain(run.Generation));

    private static Turn OnDrained(Turn turn, HostState.Draining state, HostEvent.Died died)
    {
        if (died.Generation != state.Run.Generation)
            return turn;

        turn = Buried(turn, died.End);

        return state.Next switch
        {
            AfterDrain.Start(var cause) => Spawn(turn, cause),
            AfterDrain.Recover(var cause, var reason) =>
                Recover(turn, new Failure(cause, reason, died.End.At, died.End.Exit, state.Run.Pid)),
            AfterDrain.Leave => turn.Note("stopped", Cause.Manual, Detail(died.End), state.Run.Pid, died.End.Exit)
                .To(new HostState.Left()).Do(new Effect.Leave()),
            _ => turn.To(new HostState.Stopped()).Note("stopped", Cause.Manual, Detail(died.End), state.Run.Pid, died.End.Exit),
        };
    }

    private static Turn OnDied(Turn turn, HostEvent.Died died)
    {
        var run = turn.State.Run()!;

        if (died.Generation != run.Generation)
            return turn;

        var neverServed = turn.State is not HostState.Ready;
        var end = died.End;
        turn = Buried(AfterStability(turn), end);

        // It started, found the port gone (a race that the check before the start cannot exclude) and ended: not its fault.
        if (neverServed && !end.IsSuccess && end.PortTakenBy is { } holder)
            return BlockOnPort(turn, holder, run.Launch.Cause);

        var cause = end.OutOfMemory ? Cause.Oom : Cause.Crash;
        var words = end.OutOfMemory ? $"was killed at its memory limit ({end.Words})" : end.Words;
        return Recover(turn, new Failure(cause, Wording.Join(words, Survivors(end)), end.At, end.Exit, run.Pid, end.IsSuccess));
    }

    private static Turn Recover(Turn turn, Failure failure)
    {
        var restart = turn.At.Spec.Restart;

        if (!failure.IsSuccess)
            turn = turn.Remember(record => record with { History = record.History.WithFailure(failure.At) });

        var decision = RestartRule.Decide(
            Rules.Mode(restart.Policy), failure.IsSuccess, turn.Record.History, Rules.Backoff(restart), Rules.CrashLoop(restart),
            failure.At, turn.At.Chance);

        return decision switch
        {
            RestartDecision.GiveUp giveUp => GiveUp(turn, failure, $"it {failure.Words}; {giveUp.Evidence}"),
            RestartDecision.RestartAfter(var delay) => BackOff(turn, failure, delay),
            _ => StayDown(turn, failure),
        };
    }

    private static Turn GiveUp(Turn turn, Failure failure, string evidence) => turn.ChangeEnded()
        .To(new HostState.CrashLoop(evidence))
        .Note("crash-loop", failure.Cause, evidence, failure.Pid, failure.Exit);

    private static Turn BackOff(Turn turn, Failure failure, TimeSpan delay)
    {
        var reason = $"{failure.Words}; next start {Wording.Span(delay)} after that";

        // Success that the policy does not accept as an end is no crash; it shows in the ledger all the same.
        return turn.Because(Cause.Crash, [], turn.At.Now)
            .To(new HostState.BackingOff(failure.At + delay, reason))
            .Note(failure.IsSuccess ? "completed" : "failed", failure.Cause, reason, failure.Pid, failure.Exit);
    }

    private static Turn StayDown(Turn turn, Failure failure)
    {
        turn = turn.ChangeEnded();

        return failure.IsSuccess
            ? turn.To(new HostState.Completed(failure.Words)).Note("completed", failure.Cause, failure.Words, failure.Pid, failure.Exit)
            : turn.To(new HostState.Stopped(failure.Words)).Note("failed", failure.Cause, failure.Words, failure.Pid, failure.Exit);
    }

    private static Turn Buried(Turn turn, ServerEnd end) => turn.Remember(record => record with
    {
        LastExit = end.Exit,
        DownSince = record.DownSince ?? end.At,
        Reading = record.Reading?.EndedAt(turn.At.Now.Wall),
    });

    /// <summary>A server that has served long enough is stable: its earlier failures do not lengthen the next backoff any more.</summary>
    private static Turn AfterStability(Turn turn) =>
        turn.State.ServingSince() is { } since && turn.Now - since >= RestartHistory.StableAfter
            ? turn.Remember(record => record with { History = record.History.AfterStableRun() })
            : turn;

    private static string? Survivors(ServerEnd end) => end.Survivors is { Count: > 0 } survivors
        ? $"could not be killed: {string.Join(", ", survivors)}"
        : null;

    private static string Detail(ServerEnd end) => Wording.Join(end.Words, Survivors(end));
}
