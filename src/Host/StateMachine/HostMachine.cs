using System.Collections.Immutable;

namespace Supervisor.Host.StateMachine;

/// <summary>
/// Makes every decision of a host: (snapshot, event) → (snapshot, effects). Pure; only the loop calls it. Order: first the table changes the state, then
/// the scheduler starts a due reload, then the tickets whose conditions hold are completed. A pair that is not in the table changes nothing: the event is
/// outdated, or its request is already fulfilled.
/// </summary>
internal static partial class HostMachine
{
    public static Transition Step(HostSnapshot before, HostEvent hostEvent, StepContext context)
    {
        var transition = Decide(new Transition(before.State, before.Record, ImmutableList<Effect>.Empty, context), hostEvent);
        return TicketRules.CompleteDue(ReloadScheduler.StartDueReload(transition));
    }

    private static Transition Decide(Transition transition, HostEvent hostEvent) => (transition.State, hostEvent) switch
    {
        (_, HostEvent.FilesChanged changed) => ReloadScheduler.OnFilesChanged(WithRecentChange(transition, changed), changed),
        (_, HostEvent.UnseenChange unseen) => ReloadScheduler.OnUnseenChange(transition, unseen),
        (_, HostEvent.EnvFileChanged changed) => OnEnvFileChanged(transition, changed),
        (_, HostEvent.EnvFileUnusable unusable) => OnEnvFileUnusable(transition, unusable),
        (_, HostEvent.EnvFileUnchanged same) => OnEnvFileUnchanged(transition, same),
        (_, HostEvent.SettledRequested(var ticket)) => OnSettledRequested(transition, ticket),
        (_, HostEvent.RestartRequested request) => OnRestartRequested(transition, request),

        (HostState.Building state, HostEvent.BuildPassed passed) => OnBuildPassed(transition, state, passed),
        (HostState.Building state, HostEvent.BuildFailed failed) => OnBuildFailed(transition, state, failed),
        (HostState.Validating state, HostEvent.ValidationPassed passed) => OnValidationPassed(transition, state, passed),
        (HostState.Validating state, HostEvent.ValidationRefused refused) => OnValidationRefused(transition, state, refused),
        (HostState.Preflight { Underlying: HostState.BackingOff or HostState.Blocked }, HostEvent.DeadlinePassed or HostEvent.PortChecked or HostEvent.LackChecked) => transition,
        (HostState.Preflight state, _) => WhilePreflight(transition, state, hostEvent),

        (HostState.Shutdown, HostEvent.StopRequested(var ticket, _)) => AddTicket(transition, ticket, new TicketCondition.Stopped(transition.Record.Generation)),
        (HostState.Shutdown, HostEvent.ShutdownRequested(var ticket, _)) =>
            AddTicket(transition, ticket, new TicketCondition.Stopped(transition.Record.Generation)),
        (_, HostEvent.StopRequested request) => OnStopRequested(transition, request),
        (_, HostEvent.ShutdownRequested request) => OnShutdownRequested(transition, request),

        (HostState.Stopped, HostEvent.StartRequested request) => OnStartRequested(transition, request.Cause),
        (HostState.Blocked, HostEvent.StartRequested request) => OnStartRequested(transition, request.Cause),
        (HostState.BackingOff or HostState.CrashLoop or HostState.Completed or HostState.Failed, HostEvent.StartRequested { Cause: Cause.Manual or Cause.Dependency } request) =>
            OnStartRequested(transition, request.Cause),
        (HostState.CrashLoop, HostEvent.StartRequested { Cause: Cause.Files or Cause.Config } request) =>
            OnStartRequested(transition.WithProbation(), request.Cause),
        (HostState.Completed or HostState.Failed, HostEvent.StartRequested { Cause: Cause.Files or Cause.Config } request) => OnStartRequested(transition, request.Cause),
        (HostState.Spawning { PendingDrain: AfterDrain.Stop } state, HostEvent.StartRequested) => ContinueSpawn(transition, state),
        (HostState.Draining { Next: AfterDrain.Stop } state, HostEvent.StartRequested request) =>
            transition.WithState(state with { Next = StartAfterStop(transition, request.Cause) }),
        (HostState.RunningStopCommand { Next: AfterDrain.Stop } state, HostEvent.StartRequested request) =>
            transition.WithState(state with { Next = StartAfterStop(transition, request.Cause) }),
        (HostState.RunningStopCommand state, HostEvent.StopCommandEnded ended) => OnStopCommandEnded(transition, state, ended),

        (HostState.Spawning state, HostEvent.Spawned spawned) => OnSpawned(transition, state, spawned),
        (HostState.Spawning state, HostEvent.SpawnFailed failed) => OnSpawnFailed(transition, state, failed),
        (HostState.Spawning state, HostEvent.PortTaken taken) => OnPortTaken(transition, state, taken),
        (HostState.Spawning state, HostEvent.Lacking lacking) => OnLacking(transition, state, lacking),

        (HostState.Starting state, HostEvent.ProbeSucceeded succeeded) => OnReady(transition, state.Run, succeeded),
        (HostState.Starting state, HostEvent.ProbeFailed failed) => OnStartupProbeFailed(transition, state, failed),
        (HostState.Starting state, HostEvent.DeadlinePassed) => OnStartupDeadline(transition, state),

        (_, HostEvent.StatusTold told) when Concerns(transition.State, told.Generation) =>
            transition.WithRecord(record => record with { StatusText = told.Text.Length == 0 ? null : told.Text }),
        (HostState.Running or HostState.Ready, HostEvent.HealthFailed failed) => OnHealthFailed(transition, failed),
        (HostState.Unhealthy state, HostEvent.HealthPassed passed) => OnHealthPassed(transition, state, passed),

        (HostState.Starting or HostState.Running or HostState.Ready or HostState.Unhealthy, HostEvent.ServerExited exited) => OnServerExited(transition, exited),
        (HostState.Draining state, HostEvent.ServerExited exited) => OnDrained(transition, state, exited),

        (HostState.BackingOff state, HostEvent.DeadlinePassed) when state.Until <= transition.Now => Spawn(transition, Cause.Crash),
        (HostState.Blocked { Reason: BlockReason.Port port }, HostEvent.DeadlinePassed) => OnPortCheckDue(transition, port),
        (HostState.Blocked { Reason: BlockReason.Port port }, HostEvent.PortChecked check) => OnPortChecked(transition, port, check),
        (HostState.Blocked { Reason: BlockReason.Lack lack }, HostEvent.DeadlinePassed) => OnLackCheckDue(transition, lack),
        (HostState.Blocked { Reason: BlockReason.Lack lack }, HostEvent.LackChecked check) => OnLackChecked(transition, lack, check),

        _ => transition,
    };

    private static bool Concerns(HostState state, int generation) =>
        generation == (state is HostState.Spawning spawning ? spawning.Attempt.Generation : state.Run()?.Generation);

    private static Transition AddTicket(Transition transition, long ticket, TicketCondition condition) =>
        transition.WithRecord(record => record with { Tickets = record.Tickets.Add(new Ticket(ticket, condition)) });
}
