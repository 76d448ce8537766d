namespace Supervisor.Parent.Supervision;

/// <summary>A watcher is replaced without a moment in which nobody watches: the next one is armed before this one leaves.</summary>
internal sealed partial class TreeMachine
{
    private static readonly TimeSpan ToDrain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenRecycles = TimeSpan.FromMinutes(10);

    /// <summary>A million files are read in seconds; from a cold disk in a minute.</summary>
    private static readonly TimeSpan ToArm = TimeSpan.FromMinutes(2);

    private WatcherSlot Relieve(WatcherSlot slot, string cause, string why)
    {
        if (_state.Relief is not null || _state.Goal != Goal.Serve || _state.Routes.Applied is not { } baseline)
            return slot;

        var standby = Spawn(WatcherSlot.Initial with { Berth = 1 - slot.Berth }, baseline, standby: true);
        _state = _state with { Relief = new Relief(standby, cause, why, _at.Now + ToArm) };
        return slot with { RecycledAt = _at.Now };
    }

    private void Next(Relief relief, TreeEvent.OfWatcher happened)
    {
        var gone = happened is TreeEvent.WatcherExited;
        _state = _state with { Relief = gone ? null : relief with { Standby = Next(relief.Standby, happened) } };

        // One that polls, and was only to be tried without, goes on; any other has to go all the same.
        if (gone && _state.Watcher is { State: WatcherState.Up } slot && (!slot.Degraded || relief.Cause == "manual"))
            Put(Drain(slot, relief with { Why = relief.Why + "; the one that was to take over failed" }));
    }

    private void AdvanceStandby(Relief relief)
    {
        var standby = relief.Standby switch
        {
            { State: WatcherState.Connecting or WatcherState.Up } slot when _state.Goal != Goal.Serve => Stop(slot),
            { State: WatcherState.Up } slot when !relief.IsArmed && _at.Now >= relief.ArmedBy => Kill(slot, "slow", $"it had not read everything within {ToArm.TotalMinutes:0} min"),
            { State: WatcherState.Up up } slot => TellOfHolds(Listen(slot, up)),
            var slot => slot,
        };

        _state = _state with { Relief = relief with { Standby = standby } };
    }

    private WatcherSlot Drain(WatcherSlot slot, Relief relief) =>
        Begin(slot with { State = new WatcherState.Leaving(Planned: true) }, new Effect.DrainWatcher(slot.Epoch, relief.Cause, relief.Why, ToDrain));

    /// <summary>The one before is gone, in order or not. It need not be armed: it tells of the difference once it has read everything.</summary>
    private WatcherSlot TakeOver(WatcherSlot slot, Relief relief)
    {
        if (relief.Standby.State is not WatcherState.Up || _state.Routes is not { Applied: { } baseline, Writing: false })
            return slot;

        Do(new Effect.TakeOver(relief.Standby.Epoch, baseline));
        _state = _state with { Relief = null };
        return relief.Standby with
        {
            Failures = slot.Failures, Restarts = slot.Restarts, RecycledAt = slot.RecycledAt, LastExit = slot.LastExit, Resyncs = slot.Resyncs,
        };
    }

    private bool IsPast(TimeSpan? last, TimeSpan period) => last is null || _at.Now >= last + period;
}
