using System.Runtime.InteropServices;

namespace Supervisor.Parent.Supervision;

/// <summary>Time and random number of one step; the machine uses no other clock and no other source of randomness.</summary>
/// <param name="Now">On a monotonic clock.</param>
/// <param name="Chance">From 0 to 1, for the jitter of backoffs.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StepContext(TimeSpan Now, double Chance);

/// <summary>Every decision of the parent: <see cref="Step"/> takes the state and one event and returns the next state and the effects.</summary>
/// <remarks>
/// Constraints: pure; no effect assumes that another one was carried out; the event that reports it proves it.
/// Scheme: first the event is applied to its slot, then <see cref="Reconcile"/> compares every slot with its desired state and
/// takes the steps that are due. A step that is not possible now is taken after the event that makes it possible.
/// Order: dependencies start first, dependants stop first, the watcher stops last.
/// </remarks>
internal sealed partial class TreeMachine
{
    private readonly StepContext _at;
    private readonly List<Effect> _effects = [];
    private TreeState _state;

    private TreeMachine(TreeState state, StepContext at) => (_state, _at) = (state, at);

    private TreePlan Plan => _state.Plan;

    public static (TreeState State, IReadOnlyList<Effect> Effects) Step(TreeState state, TreeEvent happened, StepContext at)
    {
        var machine = new TreeMachine(state, at);
        machine.Apply(happened);
        machine.Reconcile();
        return (machine._state, machine._effects);
    }

    /// <summary>When the next retry is due. null: there is none.</summary>
    public static TimeSpan? NextDue(TreeState state, TimeSpan now) => state.Hosts.Values
        .Where(slot => slot.Desired is DesiredState.Run).Select(slot => (slot.State as HostState.Absent)?.Due)
        .Append((state.Watcher.State as WatcherState.Absent)?.Due)
        .Concat(state.Holds.Values.Select(hold => (TimeSpan?)hold.Until))
        .Where(due => due > now).Min();

    private void Apply(TreeEvent happened)
    {
        switch (happened)
        {
            case TreeEvent.TimerElapsed elapsed: Array.ForEach([.. elapsed.Beats ?? []], Apply); break;
            case TreeEvent.OfWatcher ofStandby when ofStandby.Epoch == _state.Replacement?.Standby.Epoch: Next(_state.Replacement, ofStandby); break;
            case TreeEvent.OfWatcher { Epoch: var epoch } when epoch != _state.Watcher.Epoch: break;
            case TreeEvent.BatchArrived arrived: Arrived(arrived); break;
            case TreeEvent.OfWatcher ofWatcher: Put(Next(_state.Watcher, ofWatcher)); break;
            case TreeEvent.OfHost ofHost when _state.Hosts[ofHost.Service] is var slot && slot.Run == ofHost.Run: Changed(slot, Next(slot, ofHost)); break;
            case TreeEvent.BatchApplied applied: Applied(applied); break;
            case TreeEvent.StartRequested wanted: StartRequested(wanted.Services, wanted.Alone); break;
            case TreeEvent.StopRequested wanted: StopRequested(wanted.Services, wanted.Now); break;
            case TreeEvent.RestartRequested wanted: RestartRequested(wanted.Services, wanted.Force); break;
            case TreeEvent.StopAllRequested { Now: var now }: _state = _state with { Goal = now ? Goal.StopNow : _state.Goal == Goal.StopNow ? Goal.StopNow : Goal.Stop }; break;
            case TreeEvent.HoldRequested wanted: HoldRequested(wanted.Hold, wanted.Within); break;
            case TreeEvent.ReleaseRequested wanted: _state = _state with { Holds = _state.Holds.RemoveRange(wanted.Names) }; break;
            case TreeEvent.HolderEnded ended: Release(hold => hold.Ticket == ended.Ticket); break;
            case TreeEvent.PlanReplaced replaced when _state.Goal == Goal.Serve && replaced.Earlier == Plan: Replace(replaced.Earlier, replaced.Plan); break;
            case TreeEvent.ConfigurationRead read when read.Plan == Plan: _state = _state with { Change = read.Change }; break;
            case TreeEvent.ConfigurationRead: Do(new Effect.ReadConfiguration()); break;
            case TreeEvent.WatcherRestartRequested: Put(RestartRequested(_state.Watcher)); break;
        }
    }

    private void Reconcile()
    {
        foreach (var service in Plan.StartOrder.Union(_state.Hosts.Keys, StringComparer.Ordinal))
            ReconcileHost(_state.Hosts[service]);

        DecideWhetherRunContinues();
        ReconcileRoutes();
        ReconcileHolds();

        Put(ReconcileWatcher(_state.Watcher));

        if (_state.Replacement is { } replacement)
            ReconcileStandby(replacement);
    }

    private void Put(HostSlot slot) => _state = _state with { Hosts = _state.Hosts.SetItem(slot.Service, slot) };

    private void Put(WatcherSlot slot) => _state = _state with { Watcher = slot };

    private void Do(Effect effect) => _effects.Add(effect);
}
