namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    private static readonly BackoffRule HostBackoff = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30));
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Time of a stop beyond the grace period: the kill, the last output and the report (3.5 s), and the request and its answer (2 s).</summary>
    private static readonly TimeSpan StopSlack = TimeSpan.FromSeconds(3.5 + 2);

    private HostSlot Next(HostSlot slot, TreeEvent.OfHost happened) => (slot.State, happened) switch
    {
        (not HostState.Absent, TreeEvent.HostSpawned spawned) => slot with { Pid = spawned.Pid },
        (HostState.Spawning or HostState.Dialling, TreeEvent.HostLinked linked) => Linked(slot, linked.Welcome),
        (HostState.Linked, TreeEvent.HostUnlinked) => Unlinked(slot),

        (HostState.Linked linked, TreeEvent.HostBeat) => slot with { State = linked with { Liveness = linked.Liveness.Beat(_at.Now), Suspected = false } },
        (HostState.Linked linked, TreeEvent.HostReported reported) => Reported(slot, linked, reported.Status),

        (HostState.Linked { Activity: HostActivity.Stopping order } linked, TreeEvent.HostStopped stopped) when order.Number == stopped.Number =>
            slot.With(stopped.Status) with { State = linked with { Liveness = linked.Liveness.Beat(_at.Now), Activity = ActivityOf(stopped.Status) } },

        // The answer to an earlier restart changes nothing: that of the newest counts for all who wait.
        (_, TreeEvent.HostRestarted restarted) when slot.Restart is RequestedRestart.Sent sent && sent.Number == restarted.Number =>
            slot.With(restarted.Outcome.Status ?? slot.Status) with { Restart = new RequestedRestart.Answered(restarted.Outcome) },

        (HostState.Linked, TreeEvent.ChangeAnswered { Recorded: true }) => slot with { Outbox = slot.Outbox with { Sending = null } },
        (_, TreeEvent.ChangeAnswered) => slot with { Outbox = slot.Outbox.Requeued() },

        // The host of an earlier parent does not answer: it died before this parent started. That is no failure of the host to be spawned.
        (HostState.Dialling, TreeEvent.HostFailed or TreeEvent.HostExited) when slot.Pid is null => Clear(slot, "it does not answer", Planned: true),

        (HostState.Absent or HostState.Clearing, TreeEvent.HostFailed or TreeEvent.HostExited) => slot,
        (_, TreeEvent.HostFailed failed) => Clear(slot, failed.Why, Planned: false),
        (HostState.Linked { Activity: HostActivity.ShuttingDown }, TreeEvent.HostExited exited) => Clear(slot, exited.Why, Planned: true),
        (_, TreeEvent.HostExited exited) => Clear(slot, exited.Why, Planned: false),

        (HostState.Clearing clearing, TreeEvent.HostCleared) => Cleared(slot, clearing),
        _ => slot,
    };

    /// <summary>Once for each server of the other service; not for the one that this parent found.</summary>
    private void Changed(HostSlot before, HostSlot after)
    {
        Put(after);
        var isNew = before.UpGeneration is { } earlier && after.UpGeneration != earlier;

        foreach (var other in _state.Hosts.Values.Where(other => isNew && other.Spec.RestartWith?.Contains(after.Service, StringComparer.Ordinal) == true && other.MayBeRestarted))
            Put(other with { Restart = new RequestedRestart.Waiting(Force: false, "dependency") });
    }

    private HostSlot Linked(HostSlot slot, HostWelcome welcome) => KeptStopped(slot.With(welcome.Status) with
    {
        Pid = welcome.Pid, SpecHash = welcome.SpecHash, Status = welcome.Status, LossReason = null,
        State = new HostState.Linked(_at.Now, NewLiveness(), Suspected: false, ActivityOf(welcome.Status)),
    });

    /// <summary>
    /// What the host does counts, not what it was ordered: it may have carried out the order of an earlier link. But only the answer to a stop proves that
    /// nothing that was ordered before the stop is still to come.
    /// </summary>
    private HostSlot Reported(HostSlot slot, HostState.Linked linked, ServiceStatus status)
    {
        var counts = status.Number > slot.Status.Number && !slot.IsRestarting && (slot.Desired is DesiredState.Run || linked.Activity is HostActivity.Idle);
        var activity = counts ? ActivityOf(status, linked.Activity) : linked.Activity;
        return KeptStopped(slot.With(status) with { State = linked with { Liveness = linked.Liveness.Beat(_at.Now), Suspected = false, Activity = activity } });
    }

    /// <summary>
    /// A service that an earlier parent has stopped, or was stopping when it died, stays stopped, unless a command has requested a start since. One that was
    /// never started was waiting for something.
    /// </summary>
    private static HostSlot KeptStopped(HostSlot slot) =>
        slot is { Run: 0, Desired: DesiredState.Run { Cause: "autostart" }, State: HostState.Linked linked, Status: { State: ServicePhase.Stopped, Generation: > 0 } }
            ? slot with { Desired = new DesiredState.Down(Now: false), State = linked with { Activity = new HostActivity.Idle() } }
            : slot;

    /// <param name="ordered">A stop that is under way ends with its answer, and the end of a server is no start.</param>
    private static HostActivity ActivityOf(ServiceStatus status, HostActivity? ordered = null) =>
        ordered is HostActivity.Stopping or HostActivity.ShuttingDown || (ordered is HostActivity.StartingAgain && HasEnded(status)) ? ordered
        : status.State == ServicePhase.Stopped ? new HostActivity.Idle() : new HostActivity.Serving();

    private HostSlot Unlinked(HostSlot slot)
    {
        if (slot.State is HostState.Linked { Activity: HostActivity.ShuttingDown })
            return slot;

        Do(new Effect.DialHost(slot.Service, slot.Run, AnswerTimeout));

        // Whether the host has carried out the restart is not known. Twice is better than never.
        var restart = slot.Restart is RequestedRestart.Sent sent ? sent.Order : slot.Restart;
        return slot with { State = new HostState.Dialling(), Outbox = slot.Outbox.Requeued(), Restart = restart };
    }

    private HostSlot ShutDown(HostSlot slot, bool Now)
    {
        Do(new Effect.ShutDownHost(slot.Service, slot.Run, Now, TimeToStop(slot)));
        return slot with { State = ((HostState.Linked)slot.State) with { Activity = new HostActivity.ShuttingDown(Now) } };
    }

    private HostSlot Clear(HostSlot slot, string why, bool Planned)
    {
        Do(new Effect.ClearHost(slot.Service, slot.Run, why));

        var stable = slot.State is HostState.Linked linked && _at.Now - linked.Since >= RestartHistory.StableAfter;
        var failures = stable ? slot.Failures.AfterStableRun() : slot.Failures;

        return slot with
        {
            Pid = null,
            SpecHash = null,
            Outbox = Outbox.Empty,
            LossReason = Planned ? null : why,

            // The new host starts the server because of a crash, not by request: the old server ended with its host.
            Desired = !Planned && slot is { State: HostState.Linked { Activity: HostActivity.Serving }, Desired: DesiredState.Run crashed } ? crashed with { Cause = "crash" } : slot.Desired,
            Failures = Planned ? failures : failures.WithFailure(_at.Now),
            State = new HostState.Clearing(Planned),
        };
    }

    private HostSlot Cleared(HostSlot slot, HostState.Clearing clearing) => slot with
    {
        Status = slot.Status with { State = ServicePhase.Stopped, Pid = null, HostPid = null, Ports = [], MemoryBytes = null, CpuPercent = null },
        State = new HostState.Absent(
            clearing.Planned ? _at.Now : _at.Now + HostBackoff.DelayAfter(slot.Failures.Consecutive, _at.Chance)),
    };

    private void ReconcileHost(HostSlot slot)
    {
        switch (slot.State)
        {
            case HostState.Absent absent when _state.Goal == Goal.Serve && slot.Desired is DesiredState.Run && absent.Due <= _at.Now:
                Do(new Effect.SpawnHost(slot.Service, slot.Run + 1, HeartbeatRule.ConnectWithin));
                Put(slot with { Spec = Plan[slot.Service], Run = slot.Run + 1, State = new HostState.Spawning() });
                break;

            case HostState.Spawning when _state.Goal != Goal.Serve || !Plan.Knows(slot.Service):
                Put(Clear(slot, "it is not needed any more", Planned: true));
                break;

            case HostState.Linked linked:
                ReconcileLinked(slot, linked);
                break;
        }
    }

    private void ReconcileLinked(HostSlot slot, HostState.Linked linked)
    {
        var (verdict, liveness) = linked.Liveness.Check(_at.Now);

        if (verdict == HeartbeatVerdict.Hung)
        {
            Put(Clear(slot, "it was silent for 10 s", Planned: false));
            return;
        }

        if (verdict == HeartbeatVerdict.Suspect && !linked.Suspected)
            Do(new Effect.ResumeHost(slot.Service, slot.Run));

        linked = linked with { Liveness = liveness, Suspected = verdict == HeartbeatVerdict.Suspect };
        Put(slot = slot with { State = linked });

        switch (linked.Activity)
        {
            case HostActivity.ShuttingDown shutdown when _state.Goal == Goal.StopNow && !shutdown.Now:
            case not HostActivity.ShuttingDown when _state.Goal == Goal.StopNow:
                Put(ShutDown(slot, Now: true));
                break;

            case not HostActivity.ShuttingDown when _state.Goal == Goal.Stop:
                if (DependantsOf(slot.Service).All(other => other.State is HostState.Absent))
                    Put(ShutDown(slot, Now: false));
                break;

            case not HostActivity.ShuttingDown when _state.IsOutdated(slot):
                if (DependantsOf(slot.Service).All(other => other.State is HostState.Absent || !_state.IsOutdated(other)))
                    Put(ShutDown(slot with { Desired = slot.Desired is DesiredState.Run outdated ? outdated with { Cause = "config" } : slot.Desired }, Now: false));
                break;

            case HostActivity.Idle or HostActivity.StartingAgain when slot.Desired is DesiredState.Run run && (run.Alone || Dependencies.Unmet(slot.Service, Plan, _state) is null) && MayStartOneMore():
                Do(new Effect.StartService(slot.Service, slot.Run, run.Cause, AnswerTimeout));

                // What the host has reported so far is no outcome of this start.
                var status = slot.Status with { State = ServicePhase.Stopped, Reason = null, Number = slot.Status.Number + 1 };
                Put(slot with { State = linked with { Activity = new HostActivity.Serving() }, Status = status, Restart = linked.Activity is HostActivity.Idle ? null : slot.Restart });
                break;

            case HostActivity.Serving when slot is { Desired: DesiredState.Run, Restart: RequestedRestart.Waiting order }:
                Do(new Effect.RestartService(slot.Service, slot.Run, order, NextOrder(), slot.Spec.LongestReload + (2 * AnswerTimeout)));
                Put(slot with { Restart = new RequestedRestart.Sent(order, _state.LastOrder) });
                break;

            case HostActivity.Serving or HostActivity.StartingAgain when slot.Desired is DesiredState.Down && DependantsAreDown(slot.Service):
            case HostActivity.Stopping { Now: false } when slot.Desired is DesiredState.Down { Now: true }:
                var now = slot.Desired is DesiredState.Down { Now: true };
                Do(new Effect.StopService(slot.Service, slot.Run, now, NextOrder(), TimeToStop(slot)));
                Put(slot with { State = linked with { Activity = new HostActivity.Stopping(now, _state.LastOrder) } });
                break;
        }
    }

    private long NextOrder() => (_state = _state with { LastOrder = _state.LastOrder + 1 }).LastOrder;

    private bool DependantsAreDown(string service) => DependantsOf(service).All(other => other.Desired is DesiredState.Run || other.IsDown);

    private IEnumerable<HostSlot> DependantsOf(string service) => _state.Hosts.Values.Where(other => other.Spec.DependsOn.ContainsKey(service));

    /// <summary>Twenty servers that start at once would all be slow. A service in its backoff does not count.</summary>
    private bool MayStartOneMore() => _state.Hosts.Values.Count(slot =>
        slot.State is HostState.Linked { Activity: HostActivity.Serving } && slot.Status.State is ServicePhase.Starting or ServicePhase.Stopped)
        < Plan.MaxStarting;

    private HeartbeatRule NewLiveness() => HeartbeatRule.Started(_at.Now).Beat(_at.Now);

    private static TimeSpan TimeToStop(HostSlot slot) => slot.Spec.Stop.Longest + StopSlack;
}
