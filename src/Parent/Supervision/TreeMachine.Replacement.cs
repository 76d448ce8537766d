namespace Supervisor.Parent.Supervision;

/// <summary>Replaces a watcher without a gap: the standby is ready before the active watcher exits.</summary>
internal sealed partial class TreeMachine
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RecycleInterval = TimeSpan.FromMinutes(10);

    /// <summary>Reading a million files takes seconds, from a cold disk a minute.</summary>
    private static readonly TimeSpan StandbyTimeout = TimeSpan.FromMinutes(2);

    private WatcherSlot Replace(WatcherSlot slot, string cause, string why)
    {
        if (_state.Replacement is not null || _state.Goal != Goal.Serve || _state.Routes.Applied is not { } baseline)
            return slot;

        var standby = Spawn(WatcherSlot.Initial with { GroupIndex = 1 - slot.GroupIndex }, baseline, standby: true);
        _state = _state with { Replacement = new Replacement(standby, cause, why, _at.Now + StandbyTimeout) };
        return slot with { RecycledAt = _at.Now };
    }

    private void Next(Replacement replacement, TreeEvent.OfWatcher happened)
    {
        var gone = happened is TreeEvent.WatcherExited;
        _state = _state with { Replacement = gone ? null : replacement with { Standby = Next(replacement.Standby, happened) } };

        // A polling watcher that was to be replaced by one without polling keeps running. Any other is replaced all the same.
        if (gone && _state.Watcher is { State: WatcherState.Up } slot && (!slot.Degraded || replacement.Cause is "manual" or "config"))
            Put(Drain(slot, replacement with { Why = replacement.Why + "; its standby failed" }));
    }

    private void ReconcileStandby(Replacement replacement)
    {
        var standby = replacement.Standby switch
        {
            { State: WatcherState.Connecting or WatcherState.Up } slot when _state.Goal != Goal.Serve => Stop(slot),
            { State: WatcherState.Up } slot when !replacement.IsReady && _at.Now >= replacement.ReadyBy => Kill(slot, "slow", $"not ready within {StandbyTimeout.TotalMinutes:0} min"),
            { State: WatcherState.Up up } slot => ReconcileHold(CheckHeartbeat(slot, up)),
            var slot => slot,
        };

        _state = _state with { Replacement = replacement with { Standby = standby } };
    }

    private WatcherSlot Drain(WatcherSlot slot, Replacement replacement) =>
        Begin(slot with { State = new WatcherState.Stopping(Planned: true) }, new Effect.DrainWatcher(slot.Epoch, replacement.Cause, replacement.Why, DrainTimeout));

    /// <summary>The active watcher has ended, planned or not. The standby need not be ready: it reports the differences once it has read everything.</summary>
    private WatcherSlot TakeOver(WatcherSlot slot, Replacement replacement)
    {
        if (replacement.Standby.State is not WatcherState.Up || _state.Routes is not { Applied: { } baseline, Writing: false })
            return slot;

        Do(new Effect.TakeOver(replacement.Standby.Epoch, baseline));
        _state = _state with { Replacement = null };
        return replacement.Standby with
        {
            Failures = slot.Failures, Restarts = slot.Restarts, RecycledAt = slot.RecycledAt, LastExit = slot.LastExit, LastExitReason = slot.LastExitReason, Resyncs = slot.Resyncs,
        };
    }

    private bool HasPassed(TimeSpan? last, TimeSpan period) => last is null || _at.Now >= last + period;
}
