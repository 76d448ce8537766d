using Supervisor.Supervision;

namespace Supervisor.Host.StateMachine;

/// <summary>Exits and recovery: how a server stops, whether its exit is a failure, and whether and when it restarts.</summary>
internal static partial class HostMachine
{
    /// <summary>The result of one run; a success is one too.</summary>
    private sealed record Failure(Cause Cause, string Description, TimeSpan At, ExitStatus? Exit = null, int? Pid = null, bool IsSuccess = false,
        ExitEvidence? Evidence = null);

    private static Transition Drain(Transition transition, ServerRun run, AfterDrain next) => ResetAfterStableRun(transition, transition.Now)
        .WithRecord(record => record with { DownSince = record.DownSince ?? transition.Now })
        .WithState(new HostState.Draining(run, next))
        .WithEffect(new Effect.Drain(run.Generation));

    private static Transition OnDrained(Transition transition, HostState.Draining state, HostEvent.ServerExited exited)
    {
        if (exited.Generation != state.Run.Generation)
            return transition;

        transition = RecordExit(transition, exited.Exit, wasAsked: true);

        return state.Next switch
        {
            AfterDrain.StartAnew(var cause) => OnStartRequested(transition.WithState(new HostState.Stopped()), cause),
            AfterDrain.Start(var cause) => Spawn(transition, cause),
            AfterDrain.Recover(var cause, var reason) => RecoverAfterDrain(transition, state.Run, exited.Exit, cause, reason),
            AfterDrain.Shutdown => transition.WithLedgerEntry("stopped", Cause.Manual, StopDetail(exited.Exit), state.Run.Pid, exited.Exit.Status)
                .WithState(new HostState.Shutdown()).WithEffect(new Effect.Shutdown()),
            _ => transition.WithState(new HostState.Stopped())
                .WithLedgerEntry("stopped", Cause.Manual, StopDetail(exited.Exit), state.Run.Pid, exited.Exit.Status),
        };
    }

    private static Transition OnServerExited(Transition transition, HostEvent.ServerExited exited)
    {
        var run = transition.State.Run()!;

        if (exited.Generation != run.Generation)
            return transition;

        var neverServed = transition.State is not (HostState.Ready or HostState.Unhealthy);
        var exit = exited.Exit;
        transition = RecordExit(ResetAfterStableRun(transition, transition.Now), exit, wasAsked: false);

        // Another process took the port after the check before the start. That is not the server's failure.
        if (neverServed && !exit.IsSuccess && exit.PortTakenBy is { } holder)
            return BlockOnPort(transition, holder, run.Attempt.Cause);

        // A command that puts its server into the background ends at once, and with success. What it left behind was killed.
        var isSuccess = exit.IsSuccess && transition.State is not HostState.Starting;
        var (description, line) = exit.IsSuccess == isSuccess || exit.MemoryKill is not null ? Describe(exit, transition.Context.Spec.Limits.MemoryBytes) : (StatusText.NeverReady, null);
        return Recover(transition, new Failure(
            exit.MemoryKill is null ? Cause.Crash : Cause.Oom, StatusText.Join(description, Survivors(exit)), exit.At, exit.Status, run.Pid, isSuccess, EvidenceOf(transition, exit, line)));
    }

    /// <summary>The host has ended it, so its exit says nothing; its output may.</summary>
    private static Transition RecoverAfterDrain(Transition transition, ServerRun run, ServerExit exit, Cause cause, string reason)
    {
        var line = FailureLine.In(exit.LastLines ?? []);
        return Recover(transition, new Failure(
            cause, line is null ? reason : $"{reason}: {line}", exit.At, exit.Status, run.Pid, Evidence: EvidenceOf(transition, exit, line)));
    }

    private static Transition Recover(Transition transition, Failure failure)
    {
        var restart = transition.Context.Spec.Restart;

        if (!failure.IsSuccess)
            transition = transition.WithRecord(record => record with { History = record.History.WithFailure(failure.At) });

        var decision = RestartRule.Decide(
            ToMode(restart.Policy), failure.IsSuccess, transition.Record.History, new BackoffRule(restart.Backoff.Initial, restart.Backoff.Max),
            new CrashLoopRule(restart.CrashLoop.Failures, restart.CrashLoop.Within), failure.At, transition.Context.Random01);

        return decision switch
        {
            RestartDecision.GiveUp giveUp => GiveUp(transition, failure, $"it {failure.Description}; {giveUp.Evidence}"),
            RestartDecision.RestartAfter(var delay) => BackOff(transition, failure, delay),
            _ => StayDown(transition, failure),
        };
    }

    private static Transition GiveUp(Transition transition, Failure failure, string evidence) => transition.WithChangeEnded()
        .WithState(new HostState.CrashLoop(evidence))
        .WithLedgerEntry("crash-loop", failure.Cause, evidence, failure.Pid, failure.Exit, evidence: failure.Evidence);

    private static Transition BackOff(Transition transition, Failure failure, TimeSpan delay)
    {
        var reason = $"{failure.Description}; next start {StatusText.Duration(delay)} after that";

        // An exit with success that the policy restarts is no crash; the ledger shows it too.
        return transition.WithLastChange(Cause.Crash, [], transition.Context.Now)
            .WithState(new HostState.BackingOff(failure.At + delay, reason))
            .WithLedgerEntry(failure.IsSuccess ? "completed" : "failed", failure.Cause, reason, failure.Pid, failure.Exit, evidence: failure.Evidence);
    }

    private static Transition StayDown(Transition transition, Failure failure)
    {
        transition = transition.WithChangeEnded();

        return failure.IsSuccess
            ? transition.WithState(new HostState.Completed(failure.Description))
                .WithLedgerEntry("completed", failure.Cause, failure.Description, failure.Pid, failure.Exit, evidence: failure.Evidence)
            : transition.WithState(new HostState.Failed(failure.Description))
                .WithLedgerEntry("failed", failure.Cause, failure.Description, failure.Pid, failure.Exit, evidence: failure.Evidence);
    }

    /// <param name="wasAsked">It was stopped, and its stop command has run.</param>
    private static Transition RecordExit(Transition transition, ServerExit exit, bool wasAsked) => transition.WithRecord(record => record with
    {
        LastExit = exit.Status,
        HasRunSinceStop = record.HasRunSinceStop && !wasAsked,
        DownSince = record.DownSince ?? exit.At,
        ReadWindow = record.ReadWindow?.ClosedAt(transition.Context.Now.Wall),
    });

    /// <summary>After a stable run, earlier failures do not lengthen the backoff any more.</summary>
    private static Transition ResetAfterStableRun(Transition transition, TimeSpan until) =>
        transition.State.ServingSince() is { } since && until - since >= RestartHistory.StableAfter
            ? transition.WithRecord(record => record with { History = record.History.AfterStableRun() })
            : transition;

    private static string? Survivors(ServerExit exit) => exit.Survivors is { Count: > 0 } survivors
        ? $"could not be killed: {string.Join(", ", survivors)}"
        : null;

    private static string? StopDetail(ServerExit exit) => exit.StopRemark is { } remark ? StatusText.Join(remark, Survivors(exit)) : Survivors(exit);

    private static RestartMode ToMode(RestartPolicy policy) => policy switch
    {
        RestartPolicy.Always => RestartMode.Always,
        RestartPolicy.Never => RestartMode.Never,
        _ => RestartMode.OnFailure,
    };
}
