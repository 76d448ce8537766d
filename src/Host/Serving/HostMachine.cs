using System.Collections.Immutable;

namespace Supervisor.Host.Serving;

/// <summary>
/// Every decision of a host: (situation, event) → (situation, effects). Pure; the loop is its only caller.
/// Order: the table moves the state; then the gate lets a pending reload through if it may; then the tickets that are due are answered.
/// A pair that is not in the table changes nothing: the event is about something that is over, or it is a wish already fulfilled.
/// </summary>
internal static partial class HostMachine
{
    public static Turn Step(Situation before, HostEvent happened, Circumstances at)
    {
        var turn = Transition(new Turn(before.State, before.Record, ImmutableList<Effect>.Empty, at), happened);
        return Tickets.Settle(Gate.Pass(turn));
    }

    private static Turn Transition(Turn turn, HostEvent happened) => (turn.State, happened) switch
    {
        (_, HostEvent.Changed changed) => Gate.OnChanged(turn, changed),
        (_, HostEvent.Unseen unseen) => Gate.OnUnseen(turn, unseen),
        (_, HostEvent.SettledAsked(var ticket)) => OnSettledAsked(turn, ticket),
        (_, HostEvent.RestartAsked asked) => OnRestartAsked(turn, asked),

        (HostState.Validating state, HostEvent.ValidationPassed passed) => OnValidationPassed(turn, state, passed),
        (HostState.Validating state, HostEvent.ValidationRefused refused) => OnValidationRefused(turn, state, refused),
        (HostState.Validating state, _) => Meanwhile(turn, state, happened),

        (HostState.Left, HostEvent.StopAsked asked) => Promise(turn, asked.Ticket, new Wish.Gone(turn.Record.Generation)),
        (HostState.Left, HostEvent.LeaveAsked asked) => Promise(turn, asked.Ticket, new Wish.Gone(turn.Record.Generation)),
        (_, HostEvent.StopAsked asked) => OnStopAsked(turn, asked),
        (_, HostEvent.LeaveAsked asked) => OnLeaveAsked(turn, asked),

        (HostState.Stopped, HostEvent.StartAsked asked) => OnStartAsked(turn, asked.Cause),
        (HostState.Blocked, HostEvent.StartAsked asked) => OnStartAsked(turn, asked.Cause),
        (HostState.BackingOff or HostState.CrashLoop or HostState.Completed, HostEvent.StartAsked { Cause: Cause.Manual }) =>
            OnStartAsked(turn, Cause.Manual),
        (HostState.CrashLoop, HostEvent.StartAsked { Cause: Cause.Files or Cause.Config } asked) => OnStartAsked(turn.OnProbation(), asked.Cause),
        (HostState.Completed, HostEvent.StartAsked { Cause: Cause.Files or Cause.Config } asked) => OnStartAsked(turn, asked.Cause),
        (HostState.Spawning { Instead: AfterDrain.Stop } state, HostEvent.StartAsked) => GoOn(turn, state),
        (HostState.Draining { Next: AfterDrain.Stop } state, HostEvent.StartAsked asked) =>
            turn.To(state with { Next = new AfterDrain.Start(asked.Cause) }),

        (HostState.Spawning state, HostEvent.Launched launched) => OnLaunched(turn, state, launched),
        (HostState.Spawning state, HostEvent.LaunchFailed failed) => OnLaunchFailed(turn, state, failed),
        (HostState.Spawning state, HostEvent.PortTaken taken) => OnPortTaken(turn, state, taken),

        (HostState.Starting state, HostEvent.ProbeSucceeded succeeded) => OnReady(turn, state.Run, succeeded.Generation),
        (HostState.Running { Lost: not null } state, HostEvent.ProbeSucceeded succeeded) => OnReady(turn, state.Run, succeeded.Generation),
        (HostState.Starting state, HostEvent.ProbeMissed missed) => OnStillNotReady(turn, state, missed),
        (HostState.Ready state, HostEvent.ProbeMissed missed) => OnReadinessLost(turn, state, missed),
        (HostState.Starting state, HostEvent.Tick) => OnStartupDeadline(turn, state),

        (HostState.Starting or HostState.Running or HostState.Ready, HostEvent.Died died) => OnDied(turn, died),
        (HostState.Draining state, HostEvent.Died died) => OnDrained(turn, state, died),

        (HostState.BackingOff state, HostEvent.Tick) when state.Until <= turn.Now => Spawn(turn, Cause.Crash),
        (HostState.Blocked { Obstacle: Obstacle.Port port }, HostEvent.Tick) => OnTimeToLookAtPort(turn, port),
        (HostState.Blocked { Obstacle: Obstacle.Port port }, HostEvent.PortSeen seen) => OnPortSeen(turn, port, seen),

        _ => turn,
    };

    private static Turn Promise(Turn turn, long ticket, Wish wish) =>
        turn.Remember(record => record with { Tickets = record.Tickets.Add(new Ticket(ticket, wish)) });
}
