using System.Runtime.InteropServices;

namespace Supervisor.Parent.Supervision;

/// <summary>When a step happens and what chance it has; the machine knows no other clock and no other dice.</summary>
/// <param name="Now">On a monotonic clock.</param>
/// <param name="Chance">From 0 to 1, for the jitter of backoffs.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Instant(TimeSpan Now, double Chance);

/// <summary>
/// Every decision of the parent: <see cref="Step"/> takes the state and one event and gives the next state and what is to be done.
/// </summary>
/// <remarks>
/// Constraints: pure; no effect depends on another one having been carried out, only on the event that reports it.
/// Scheme: first the event is entered into the slot it is about, then <see cref="Advance"/> compares every slot with what is wanted and
/// takes the steps that are due. A step that could not be taken now is taken at the event that makes it possible.
/// Order: dependencies start first, dependants stop first, the watcher stops last.
/// </remarks>
internal sealed partial class TreeMachine
{
    private readonly TreePlan _plan;
    private readonly Instant _at;
    private readonly List<Effect> _effects = [];
    private TreeState _state;

    private TreeMachine(TreeState state, TreePlan plan, Instant at) => (_state, _plan, _at) = (state, plan, at);

    public static (TreeState State, IReadOnlyList<Effect> Effects) Step(TreeState state, TreeEvent happened, TreePlan plan, Instant at)
    {
        var turn = new TreeMachine(state, plan, at);
        turn.Enter(happened);
        turn.Advance();
        return (turn._state, turn._effects);
    }

    /// <summary>When the state wants to be looked at again though nothing has happened: at the next retry, and every second to hear the silence.</summary>
    public static TimeSpan NextDue(TreeState state, TimeSpan now)
    {
        var retries = state.Hosts.Values
            .Where(slot => slot.Desire is Desire.Run).Select(slot => (slot.State as HostState.Absent)?.Due)
            .Append((state.Watcher.State as WatcherState.Absent)?.Due)
            .Concat(state.Holds.Values.Select(hold => (TimeSpan?)hold.Until));

        return retries.Where(due => due > now).Append(now + HeartbeatRule.CheckInterval).Min()!.Value;
    }

    private void Enter(TreeEvent happened)
    {
        switch (happened)
        {
            case TreeEvent.OfWatcher ofStandby when ofStandby.Epoch == _state.Relief?.Standby.Epoch: Next(_state.Relief, ofStandby); break;
            case TreeEvent.OfWatcher { Epoch: var epoch } when epoch != _state.Watcher.Epoch: break;
            case TreeEvent.BatchArrived arrived: Arrived(arrived); break;
            case TreeEvent.OfWatcher ofWatcher: Put(Next(_state.Watcher, ofWatcher)); break;
            case TreeEvent.OfHost ofHost when _state.Hosts[ofHost.Service] is var slot && slot.Run == ofHost.Run: Put(Next(slot, ofHost)); break;
            case TreeEvent.BatchApplied applied: Applied(applied); break;
            case TreeEvent.StartWanted wanted: StartWanted(wanted.Services); break;
            case TreeEvent.StopWanted wanted: StopWanted(wanted.Services, wanted.Now); break;
            case TreeEvent.StopAllWanted { Now: var now }: _state = _state with { Goal = now ? Goal.StopNow : _state.Goal == Goal.StopNow ? Goal.StopNow : Goal.Stop }; break;
            case TreeEvent.HoldWanted wanted: HoldWanted(wanted.Hold, wanted.Within); break;
            case TreeEvent.ReleaseWanted wanted: _state = _state with { Holds = _state.Holds.RemoveRange(wanted.Names) }; break;
            case TreeEvent.HolderEnded ended: Release(hold => hold.Ticket == ended.Ticket); break;
            case TreeEvent.WatcherRestartWanted: Put(RestartWanted(_state.Watcher)); break;
        }
    }

    private void Advance()
    {
        foreach (var service in _plan.StartOrder)
            AdvanceHost(_state.Hosts[service]);

        DecideBeginning();
        AdvanceRoutes();
        AdvanceHolds();

        Put(AdvanceWatcher(_state.Watcher));

        if (_state.Relief is { } relief)
            AdvanceStandby(relief);
    }

    private void Put(HostSlot slot) => _state = _state with { Hosts = _state.Hosts.SetItem(slot.Service, slot) };

    private void Put(WatcherSlot slot) => _state = _state with { Watcher = slot };

    private void Do(Effect effect) => _effects.Add(effect);
}
