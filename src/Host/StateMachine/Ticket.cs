
namespace Supervisor.Host.StateMachine;

/// <summary>A request that waits for its outcome. Checked after every step: the state alone decides whether its condition holds.</summary>
internal sealed record Ticket(long Id, TicketCondition Condition);

internal abstract record TicketCondition
{
    /// <summary>No server up to this generation runs.</summary>
    internal sealed record Stopped(int Generation) : TicketCondition;

    /// <summary>A newer server serves, or it is certain that none will.</summary>
    internal sealed record Restarted(int Generation, int Refusals) : TicketCondition;

    /// <summary>No change is pending, except one that is held back for long, and no reload or start is under way.</summary>
    internal sealed record Settled : TicketCondition;
}

internal static class TicketRules
{
    /// <summary>Completes the tickets whose conditions hold.</summary>
    public static Transition CompleteDue(Transition transition)
    {
        foreach (var ticket in transition.Record.Tickets)
        {
            if (OutcomeOf(transition, ticket.Condition) is var (succeeded, message))
                transition = Complete(transition, ticket, succeeded, message);
        }

        return transition;
    }

    /// <summary>Completes tickets whose condition a later request has made impossible.</summary>
    public static Transition Reject(Transition transition, Func<TicketCondition, bool> which, string why) => transition.Record.Tickets
        .Where(ticket => which(ticket.Condition))
        .Aggregate(transition, (so, ticket) => Complete(so, ticket, succeeded: false, $"{so.Context.Spec.Name} {why}"));

    private static Transition Complete(Transition transition, Ticket ticket, bool succeeded, string message) => transition
        .WithRecord(record => record with { Tickets = record.Tickets.Remove(ticket) })
        .WithEffect(new Effect.CompleteTicket(ticket.Id, new ServiceOutcome(transition.Context.Spec.Name, succeeded, message, Status: null)));

    private static (bool Succeeded, string Message)? OutcomeOf(Transition transition, TicketCondition condition) => condition switch
    {
        TicketCondition.Stopped(var generation) => IsGone(transition.State, generation) ? (true, $"{transition.Context.Spec.Name} is stopped") : null,
        TicketCondition.Settled => IsSettled(transition) ? (true, StatusText.Describe(transition)) : null,
        TicketCondition.Restarted restarted => RestartOutcome(transition, restarted),
        _ => null,
    };

    private static bool IsGone(HostState state, int generation) => state switch
    {
        HostState.Spawning spawning => spawning.Attempt.Generation > generation,
        HostState.Preflight(var underlying, _, _) => IsGone(underlying, generation),
        HostState.RunningStopCommand => false,
        _ => state.Run() is not { } run || run.Generation > generation,
    };

    // A start for another reason loads what was saved too.
    private static bool IsSettled(Transition transition) =>
        transition.Record.Pending is null or { Hold: ReloadHold.Long }
        && transition.State is not (HostState.Preflight or HostState.Draining { Next: AfterDrain.Start } or HostState.RunningStopCommand { Next: AfterDrain.Start } or HostState.Spawning or HostState.Starting);

    private static (bool Succeeded, string Message)? RestartOutcome(Transition transition, TicketCondition.Restarted condition)
    {
        var (state, record) = (transition.State, transition.Record);

        if (record.Refusals > condition.Refusals)
            return (false, $"{transition.Context.Spec.Name} was not restarted: {record.Refusal ?? StatusText.Reason(new HostSnapshot(state, record))}");

        if (record.Pending is { Hold: not ReloadHold.Long } && state is not HostState.Shutdown)
            return null;

        return state switch
        {
            HostState.Running or HostState.Ready or HostState.Completed when record.Generation > condition.Generation => (true, StatusText.Describe(transition)),
            HostState.Unhealthy when record.Generation > condition.Generation => (false, StatusText.Describe(transition)),
            HostState.Running or HostState.Ready or HostState.Unhealthy or HostState.Starting or HostState.Spawning or HostState.Draining or HostState.RunningStopCommand or HostState.Preflight => null,
            _ => (false, StatusText.Describe(transition)),
        };
    }
}
