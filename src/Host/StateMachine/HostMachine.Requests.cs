namespace Supervisor.Host.StateMachine;

/// <summary>Requests of users and of the parent: start, stop, restart, shutdown.</summary>
internal static partial class HostMachine
{
    private static Transition OnStartRequested(Transition transition, Cause cause)
    {
        // A dependency is started by the command that starts its dependant.
        transition = cause is Cause.Manual or Cause.Dependency ? transition.WithoutFailures() : transition;

        if (HasPreflight(transition))
            return ReloadScheduler.ScheduleStart(transition, cause);

        transition = cause == Cause.Autostart ? transition : transition.WithLastChange(cause, [], transition.Context.Now);
        return Spawn(transition, cause);
    }

    /// <summary>A start on request is built, or validated, before.</summary>
    private static bool HasPreflight(Transition transition) => transition.Context.Spec is { Build: not null } or { Validate.AtStart: true };

    /// <summary>The stop that is under way was not for this start: what it needs is built after it.</summary>
    private static AfterDrain.Start StartAfterStop(Transition transition, Cause cause) =>
        transition.Context.Spec.Build is null ? new AfterDrain.Start(cause) : new AfterDrain.StartAnew(cause);

    private static Transition OnRestartRequested(Transition transition, HostEvent.RestartRequested request)
    {
        transition = AddTicket(transition, request.Ticket, new TicketCondition.Restarted(transition.Record.Generation, transition.Record.Refusals));

        return transition.State switch
        {
            HostState.Shutdown or HostState.Draining { Next: AfterDrain.Shutdown } or HostState.Spawning { PendingDrain: AfterDrain.Shutdown } => transition,

            // The restart was requested while a stop is still under way: the newest request counts.
            HostState.Draining { Next: AfterDrain.Stop } draining =>
                transition.WithState(draining with { Next = StartAfterStop(transition, request.Cause) }),

            // The spawn began before the request: that server may have read older files.
            HostState.Spawning { PendingDrain: AfterDrain.Stop } spawning => ReloadScheduler.OnRestartRequested(ContinueSpawn(transition, spawning), request),
            HostState.RunningStopCommand { Next: AfterDrain.Stop } running => transition.WithState(running with { Next = StartAfterStop(transition, request.Cause) }),
            HostState.Draining { Next: AfterDrain.Start } or HostState.RunningStopCommand => transition,
            _ => ReloadScheduler.OnRestartRequested(transition, request),
        };
    }

    /// <summary>What was saved before has been delivered: nothing more is gathered for the pending reload.</summary>
    private static Transition OnSettledRequested(Transition transition, long ticket) => AddTicket(
        transition.WithRecord(record => record with
        {
            Throttle = record.Throttle.WithWaitingClient(),
            Pending = record.Pending is { Hold: not ReloadHold.Long } pending ? pending with { NotBefore = transition.Now, Hold = ReloadHold.None } : record.Pending,
        }), ticket, new TicketCondition.Settled());

    private static Transition OnStopRequested(Transition transition, HostEvent.StopRequested request)
    {
        transition = transition.WithRecord(record => record with { Pending = null, Refusal = null, EnvFileRefusal = null });
        transition = DrainOrFinish(transition, new AfterDrain.Stop(), request.Now);
        return AddTicket(transition, request.Ticket, new TicketCondition.Stopped(NewestGeneration(transition)));
    }

    private static Transition OnShutdownRequested(Transition transition, HostEvent.ShutdownRequested request)
    {
        transition = transition.WithRecord(record => record with { Pending = null });
        transition = DrainOrFinish(transition, new AfterDrain.Shutdown(), request.Now);
        return AddTicket(transition, request.Ticket, new TicketCondition.Stopped(NewestGeneration(transition)));
    }

    /// <summary>The process is being spawned and the stop has not begun, so a start cancels it. The request to stop gets a refusal.</summary>
    private static Transition ContinueSpawn(Transition transition, HostState.Spawning spawning) =>
        TicketRules.Reject(
            transition.WithState(spawning with { PendingDrain = null }), condition => condition is TicketCondition.Stopped,
            "was started again before the stop began");

    private static Transition DrainOrFinish(Transition transition, AfterDrain next, bool now)
    {
        switch (transition.State)
        {
            case HostState.Spawning spawning:
                return transition.WithState(spawning with { PendingDrain = spawning.PendingDrain as AfterDrain.Shutdown ?? next });

            case HostState.Draining draining:
                transition = transition.WithState(draining with { Next = draining.Next as AfterDrain.Shutdown ?? next });
                return now ? transition.WithEffect(new Effect.KillNow(draining.Run.Generation)) : transition;

            case HostState.Starting or HostState.Running or HostState.Ready or HostState.Unhealthy:
                var run = transition.State.Run()!;

                // First: a stop that must not wait runs no stop command either.
                return Drain(now ? transition.WithEffect(new Effect.KillNow(run.Generation)) : transition, run, next);

            case HostState.RunningStopCommand running:
                transition = transition.WithState(running with { Next = running.Next as AfterDrain.Shutdown ?? next });
                return now ? transition.WithEffect(new Effect.KillStopCommand()) : transition;

            default:
                return now ? FinishNow(transition, next) : Finish(transition, next);
        }
    }

    /// <summary>No server runs: the request is done at once, unless the stop command has something to end.</summary>
    private static Transition Finish(Transition transition, AfterDrain next) => transition is { Record.HasRunSinceStop: true, Context.Spec.Stop.Command: not null }
        ? RunStopCommand(transition, next)
        : FinishNow(transition, next);

    private static Transition RunStopCommand(Transition transition, AfterDrain next) => transition
        .WithRecord(record => record with { HasRunSinceStop = false })
        .WithState(new HostState.RunningStopCommand(next))
        .WithEffect(new Effect.RunStopCommand());

    private static Transition OnStopCommandEnded(Transition transition, HostState.RunningStopCommand state, HostEvent.StopCommandEnded ended) => state.Next switch
    {
        AfterDrain.StartAnew(var cause) => OnStartRequested(transition.WithState(new HostState.Stopped()), cause),
        AfterDrain.Start(var cause) => Spawn(transition, cause),
        AfterDrain.Shutdown => transition.WithLedgerEntry("stopped", Cause.Manual, ended.Trouble).WithState(new HostState.Shutdown()).WithEffect(new Effect.Shutdown()),
        _ => transition.WithState(new HostState.Stopped()).WithLedgerEntry("stopped", Cause.Manual, ended.Trouble),
    };

    private static Transition FinishNow(Transition transition, AfterDrain next) => next switch
    {
        AfterDrain.Shutdown => transition.WithState(new HostState.Shutdown()).WithEffect(new Effect.Shutdown()),
        _ when transition.State is HostState.Stopped => transition,
        _ => transition.WithState(new HostState.Stopped()).WithLedgerEntry("stopped", Cause.Manual),
    };

    private static int NewestGeneration(Transition transition) =>
        transition.State is HostState.Spawning spawning ? spawning.Attempt.Generation : transition.Record.Generation;
}
