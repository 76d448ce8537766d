namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    private static readonly TimeSpan ToTellOfHold = TimeSpan.FromSeconds(15);

    private bool IsHolding => !_state.Holds.IsEmpty;

    /// <summary>The same holder may ask again: for more time, or because it does not know that it has asked before.</summary>
    private void HoldWanted(Hold wanted, TimeSpan within)
    {
        var held = _state.Holds.GetValueOrDefault(wanted.Name);

        if (held is null || held.Pid == wanted.Pid)
            _state = _state with { Holds = _state.Holds.SetItem(wanted.Name, wanted with { Since = held?.Since ?? wanted.Since, Until = _at.Now + within }) };
    }

    private void Release(Func<Hold, bool> which) =>
        _state = _state with { Holds = _state.Holds.RemoveRange(_state.Holds.Values.Where(which).Select(hold => hold.Name)) };

    private void AdvanceHolds()
    {
        foreach (var overdue in _state.Holds.Values.Where(hold => hold.Until <= _at.Now))
            Do(new Effect.TellOfOverdueHold(overdue));

        Release(hold => hold.Until <= _at.Now || _state.Goal != Goal.Serve);
    }

    /// <summary>One word at a time, and the newest wish at the end: a watcher never ends up with an older one.</summary>
    private WatcherSlot TellOfHolds(WatcherSlot slot)
    {
        if (slot.State is not WatcherState.Up || slot.Held is not { } held || held == IsHolding)
            return slot;

        Do(new Effect.HoldWatcher(slot.Epoch, IsHolding, ToTellOfHold));
        return slot with { Held = null };
    }
}
