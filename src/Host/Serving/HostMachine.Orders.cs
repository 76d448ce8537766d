namespace Supervisor.Host.Serving;

/// <summary>What people and the parent ask for.</summary>
internal static partial class HostMachine
{
    private static Turn OnStartAsked(Turn turn, Cause cause)
    {
        turn = cause == Cause.Manual ? turn.Forgiven() : turn;
        turn = cause == Cause.Autostart ? turn : turn.Because(cause, [], turn.At.Now);
        return Spawn(turn, cause);
    }

    private static Turn OnRestartAsked(Turn turn, HostEvent.RestartAsked asked)
    {
        turn = Promise(turn, asked.Ticket, new Wish.Restarted(turn.Record.Generation, turn.Record.Refusals));

        return turn.State switch
        {
            HostState.Left or HostState.Draining { Next: AfterDrain.Leave } or HostState.Spawning { Instead: AfterDrain.Leave } => turn,

            // Asked after a stop that is still under way: the last wish counts.
            HostState.Draining { Next: AfterDrain.Stop } draining =>
                turn.To(draining with { Next = new AfterDrain.Start(asked.Cause) }),
            HostState.Spawning { Instead: AfterDrain.Stop } spawning => GoOn(turn, spawning),
            HostState.Draining { Next: AfterDrain.Start } => turn,
            _ => Gate.OnRestartAsked(turn, asked),
        };
    }

    private static Turn OnSettledAsked(Turn turn, long ticket) => Promise(
        turn.Remember(record => record with { Throttle = record.Throttle.WhenWaitedFor() }), ticket, new Wish.Settled());

    private static Turn OnStopAsked(Turn turn, HostEvent.StopAsked asked)
    {
        turn = turn.Remember(record => record with { Pending = null, Refusal = null });
        turn = EndOrGo(turn, new AfterDrain.Stop(), asked.Now);
        return Promise(turn, asked.Ticket, new Wish.Gone(NewestGeneration(turn)));
    }

    private static Turn OnLeaveAsked(Turn turn, HostEvent.LeaveAsked asked)
    {
        turn = turn.Remember(record => record with { Pending = null });
        turn = EndOrGo(turn, new AfterDrain.Leave(), asked.Now);
        return Promise(turn, asked.Ticket, new Wish.Gone(NewestGeneration(turn)));
    }

    /// <summary>A start overtakes a stop that had not begun: the process is on its way anyway. Whoever asked for the stop is told.</summary>
    private static Turn GoOn(Turn turn, HostState.Spawning spawning) =>
        Tickets.Refuse(turn.To(spawning with { Instead = null }), wish => wish is Wish.Gone, "was started again before the stop began");

    private static Turn EndOrGo(Turn turn, AfterDrain next, bool now)
    {
        switch (turn.State)
        {
            case HostState.Spawning spawning:
                return turn.To(spawning with { Instead = spawning.Instead as AfterDrain.Leave ?? next });

            case HostState.Draining draining:
                turn = turn.To(draining with { Next = draining.Next as AfterDrain.Leave ?? next });
                return now ? turn.Do(new Effect.KillNow(draining.Run.Generation)) : turn;

            case HostState.Starting or HostState.Running or HostState.Ready:
                var run = turn.State.Run()!;
                turn = Drain(turn, run, next);
                return now ? turn.Do(new Effect.KillNow(run.Generation)) : turn;

            default:
                return Go(turn, next);
        }
    }

    /// <summary>Nothing runs: the wish is fulfilled at once.</summary>
    private static Turn Go(Turn turn, AfterDrain next) => next switch
    {
        AfterDrain.Leave => turn.To(new HostState.Left()).Do(new Effect.Leave()),
        _ when turn.State is HostState.Stopped { Why: null } => turn,
        _ => turn.To(new HostState.Stopped()).Note("stopped", Cause.Manual),
    };

    private static int NewestGeneration(Turn turn) =>
        turn.State is HostState.Spawning spawning ? spawning.Launch.Generation : turn.Record.Generation;
}
