
namespace Supervisor.Host.Serving;

/// <summary>What a command gets back that is answered with its outcome. Looked at after every step: the state alone says whether it is due.</summary>
internal sealed record Ticket(long Id, Wish Wish);

internal abstract record Wish
{
    /// <summary>No server up to this generation is left.</summary>
    internal sealed record Gone(int Generation) : Wish;

    /// <summary>A newer server serves, or it has become clear that none will.</summary>
    internal sealed record Restarted(int Generation, int Refusals) : Wish;

    /// <summary>No change waits but what is held back, no reload is under way.</summary>
    internal sealed record Settled : Wish;
}

internal static class Tickets
{
    /// <summary>Answers what is due.</summary>
    public static Turn Settle(Turn turn)
    {
        foreach (var ticket in turn.Record.Tickets)
        {
            if (Verdict(turn, ticket.Wish) is var (succeeded, message))
                turn = Answer(turn, ticket, succeeded, message);
        }

        return turn;
    }

    /// <summary>Answers wishes that a later order has made impossible.</summary>
    public static Turn Refuse(Turn turn, Func<Wish, bool> which, string why) => turn.Record.Tickets.Where(ticket => which(ticket.Wish))
        .Aggregate(turn, (so, ticket) => Answer(so, ticket, succeeded: false, $"{so.At.Spec.Name} {why}"));

    private static Turn Answer(Turn turn, Ticket ticket, bool succeeded, string message) => turn
        .Remember(record => record with { Tickets = record.Tickets.Remove(ticket) })
        .Do(new Effect.Answer(ticket.Id, new ServiceOutcome(turn.At.Spec.Name, succeeded, message, Status: null)));

    private static (bool Succeeded, string Message)? Verdict(Turn turn, Wish wish) => wish switch
    {
        Wish.Gone(var generation) => IsGone(turn.State, generation) ? (true, $"{turn.At.Spec.Name} is stopped") : null,
        Wish.Settled => IsSettled(turn) ? (true, Wording.WhereItIs(turn)) : null,
        Wish.Restarted restarted => OfRestart(turn, restarted),
        _ => null,
    };

    private static bool IsGone(HostState state, int generation) => state switch
    {
        HostState.Spawning spawning => spawning.Launch.Generation > generation,
        HostState.Validating(var meanwhile, _) => IsGone(meanwhile, generation),
        _ => state.Run() is not { } run || run.Generation > generation,
    };

    private static bool IsSettled(Turn turn) => turn.Record.Pending is null or { IsHeld: true } && turn.State switch
    {
        HostState.Validating => false,
        HostState.Draining(_, AfterDrain.Start) => false,
        HostState.Spawning(var launch, _) => launch.Cause != Cause.Files,
        HostState.Starting(var run, _, _) => run.Launch.Cause != Cause.Files,
        _ => true,
    };

    private static (bool Succeeded, string Message)? OfRestart(Turn turn, Wish.Restarted wish)
    {
        var (state, record) = (turn.State, turn.Record);

        if (record.Refusals > wish.Refusals)
            return (false, $"{turn.At.Spec.Name} was not restarted: {record.Refusal ?? "validation refused the change"}");

        if (record.Pending is { IsHeld: false } && state is not HostState.Left)
            return null;

        return state switch
        {
            HostState.Running or HostState.Ready or HostState.Completed when record.Generation > wish.Generation => (true, Wording.WhereItIs(turn)),
            HostState.Running or HostState.Ready or HostState.Starting or HostState.Spawning or HostState.Draining or HostState.Validating => null,
            _ => (false, Wording.WhereItIs(turn)),
        };
    }
}
