namespace Supervisor.Host.StateMachine;

/// <summary>A start for which something is lacking: an env file, the working directory.</summary>
internal static partial class HostMachine
{
    /// <summary>
    /// The watcher reports an env file that appears, but no folder above which nothing is watched, and it may be down: a look costs nothing, and nobody waits
    /// longer than this for a start.
    /// </summary>
    private static readonly TimeSpan LackCheckPeriod = TimeSpan.FromSeconds(1);

    private static Transition OnLacking(Transition transition, HostState.Spawning state, HostEvent.Lacking lacking) => lacking.Generation != state.Attempt.Generation
        ? transition
        : state.PendingDrain is { } pendingDrain
            ? Finish(transition, pendingDrain)
            : BlockOnLack(transition, lacking.What, state.Attempt.Cause).WithLedgerEntry("blocked", state.Attempt.Cause, lacking.What);

    private static Transition BlockOnLack(Transition transition, string what, Cause cause) => transition.WithChangeEnded()
        .WithState(new HostState.Blocked(new BlockReason.Lack(what, cause, transition.Now + LackCheckPeriod)));

    private static Transition OnLackCheckDue(Transition transition, BlockReason.Lack lack) => lack.CheckAt > transition.Now
        ? transition
        : transition.WithState(new HostState.Blocked(lack with { CheckAt = transition.Now + LackCheckPeriod })).WithEffect(new Effect.CheckLack());

    private static Transition OnLackChecked(Transition transition, BlockReason.Lack lack, HostEvent.LackChecked check) => check.What switch
    {
        null when HasPreflight(transition) => ReloadScheduler.ScheduleStart(transition, lack.Cause),
        null => Spawn(transition, lack.Cause),
        var what when what == lack.What => transition,
        var what => transition.WithState(new HostState.Blocked(new BlockReason.Lack(what, lack.Cause, lack.CheckAt))),
    };
}
