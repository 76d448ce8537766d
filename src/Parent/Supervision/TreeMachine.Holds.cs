namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    private static readonly TimeSpan HoldTimeout = TimeSpan.FromSeconds(15);

    private bool IsHolding => !_state.Holds.IsEmpty;

    /// <summary>The same holder may repeat its request: for more time, or because it did not get the answer.</summary>
    private void HoldRequested(Hold wanted, TimeSpan within)
    {
        var held = _state.Holds.GetValueOrDefault(wanted.Name);

        if (held is null || held.Pid == wanted.Pid)
            _state = _state with { Holds = _state.Holds.SetItem(wanted.Name, wanted with { Since = held?.Since ?? wanted.Since, Until = _at.Now + within }) };
    }

    private void Release(Func<Hold, bool> which) =>
        _state = _state with { Holds = _state.Holds.RemoveRange(_state.Holds.Values.Where(which).Select(hold => hold.Name)) };

    private void ReconcileHolds()
    {
        foreach (var overdue in _state.Holds.Values.Where(hold => hold.Until <= _at.Now))
            Do(new Effect.LogOverdueHold(overdue));

        Release(hold => hold.Until <= _at.Now || _state.Goal != Goal.Serve);
    }

    /// <summary>Sends one request at a time, the newest value last: a watcher never ends up with an older value.</summary>
    private WatcherSlot ReconcileHold(WatcherSlot slot)
    {
        if (slot.State is not WatcherState.Up || slot.Held is not { } held || held == IsHolding)
            return slot;

        Do(new Effect.HoldWatcher(slot.Epoch, IsHolding, HoldTimeout));
        return slot with { Held = null };
    }
}
