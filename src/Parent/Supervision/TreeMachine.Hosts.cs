namespace Supervisor.Parent.Supervision;

internal sealed partial class TreeMachine
{
    private static readonly BackoffRule HostBackoff = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30));
    private static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(5);

    /// <summary>What a stop may take beyond the grace period: the kill, the last output, the report (3.5 s), and the way there and back.</summary>
    private static readonly TimeSpan StopSlack = TimeSpan.FromSeconds(3.5 + 2);

    private HostSlot Next(HostSlot slot, TreeEvent.OfHost happened) => (slot.State, happened) switch
    {
        (not HostState.Absent, TreeEvent.HostSpawned spawned) => slot with { Pid = spawned.Pid },
        (HostState.Spawning or HostState.Dialling, TreeEvent.HostLinked linked) => Linked(slot, linked.Welcome),
        (HostState.Linked, TreeEvent.HostUnlinked) => Unlinked(slot),

        (HostState.Linked { Errand: Errand.Serving } linked, TreeEvent.HostReported reported) when EndedForGood(slot.Status, reported.Status) =>
            slot with
            {
                Status = reported.Status,
                Desire = new Desire.Down(Now: false),
                State = linked with { Pulse = linked.Pulse.Beat(_at.Now), Suspected = false, Errand = new Errand.Idle() },
            },

        (HostState.Linked linked, TreeEvent.HostReported reported) =>
            slot with { Status = reported.Status, State = linked with { Pulse = linked.Pulse.Beat(_at.Now), Suspected = false } },

        (HostState.Linked { Errand: Errand.Stopping } linked, TreeEvent.HostStopped stopped) =>
            slot with { Status = stopped.Status, State = linked with { Pulse = linked.Pulse.Beat(_at.Now), Errand = new Errand.Idle() } },

        (HostState.Linked, TreeEvent.ChangeAnswered { Recorded: true }) => slot with { Outbox = slot.Outbox with { Sending = null } },
        (_, TreeEvent.ChangeAnswered) => slot with { Outbox = slot.Outbox.TakenBack() },

        // Nobody answers where an earlier parent left a host: it died without us, which is no failure of the host we are about to spawn.
        (HostState.Dialling, TreeEvent.HostFailed or TreeEvent.HostExited) when slot.Pid is null => Clear(slot, "nobody answers", Planned: true),

        (HostState.Absent or HostState.Clearing, TreeEvent.HostFailed or TreeEvent.HostExited) => slot,
        (_, TreeEvent.HostFailed failed) => Clear(slot, failed.Why, Planned: false),
        (HostState.Linked { Errand: Errand.Leaving }, TreeEvent.HostExited exited) => Clear(slot, exited.Why, Planned: true),
        (_, TreeEvent.HostExited exited) => Clear(slot, exited.Why, Planned: false),

        (HostState.Clearing clearing, TreeEvent.HostCleared) => Cleared(slot, clearing),
        _ => slot,
    };

    /// <summary>The server failed and its policy is never to start it again. Before the start was carried out the host also says "stopped".</summary>
    private static bool EndedForGood(ServiceStatus before, ServiceStatus now) =>
        now.State == ServicePhase.Stopped && (before.State != ServicePhase.Stopped || now.Generation > before.Generation);

    private HostSlot Linked(HostSlot slot, HostWelcome welcome)
    {
        var stopped = welcome.Status.State == ServicePhase.Stopped;
        // Nobody has asked for it since: as it was left, so it stays.
        var keepsStopped = stopped && slot is { State: HostState.Dialling, Pid: null, Desire: Desire.Run { Cause: "autostart" } };

        var linked = slot with
        {
            Pid = welcome.Pid,
            Status = welcome.Status,
            Trouble = null,
            Desire = keepsStopped ? new Desire.Down(Now: false) : slot.Desire,
            State = new HostState.Linked(_at.Now, Pulse(), Suspected: false, stopped ? new Errand.Idle() : new Errand.Serving()),
        };

        return welcome.SpecHash == _plan.HashOf(slot.Service) ? linked : ShutDown(linked, Now: false);
    }

    private HostSlot Unlinked(HostSlot slot)
    {
        if (slot.State is HostState.Linked { Errand: Errand.Leaving })
            return slot;

        Do(new Effect.DialHost(slot.Service, slot.Run, ToAnswer));
        return slot with { State = new HostState.Dialling(), Outbox = slot.Outbox.TakenBack() };
    }

    private HostSlot ShutDown(HostSlot slot, bool Now)
    {
        Do(new Effect.ShutDownHost(slot.Service, slot.Run, Now, TimeToStop(slot.Service)));
        return slot with { State = ((HostState.Linked)slot.State) with { Errand = new Errand.Leaving(Now) } };
    }

    private HostSlot Clear(HostSlot slot, string why, bool Planned)
    {
        Do(new Effect.ClearHost(slot.Service, slot.Run, why));

        var stable = slot.State is HostState.Linked linked && _at.Now - linked.Since >= RestartHistory.StableAfter;
        var failures = stable ? slot.Failures.AfterStableRun() : slot.Failures;

        return slot with
        {
            Pid = null,
            Outbox = Outbox.Empty,
            Trouble = Planned ? null : why,

            // Nobody asks for the server that a new host starts: the old one went down with its host.
            Desire = !Planned && slot is { State: HostState.Linked { Errand: Errand.Serving }, Desire: Desire.Run } ? new Desire.Run("crash") : slot.Desire,
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

    private void AdvanceHost(HostSlot slot)
    {
        switch (slot.State)
        {
            case HostState.Absent absent when _state.Goal == Goal.Serve && slot.Desire is Desire.Run && absent.Due <= _at.Now:
                Do(new Effect.SpawnHost(slot.Service, slot.Run + 1, HeartbeatRule.ConnectWithin));
                Put(slot with { Run = slot.Run + 1, State = new HostState.Spawning() });
                break;

            case HostState.Spawning when _state.Goal != Goal.Serve:
                Put(Clear(slot, "the tree stops", Planned: true));
                break;

            case HostState.Linked linked:
                AdvanceLinked(slot, linked);
                break;
        }
    }

    private void AdvanceLinked(HostSlot slot, HostState.Linked linked)
    {
        var (verdict, pulse) = linked.Pulse.Check(_at.Now);

        if (verdict == HeartbeatVerdict.Hung)
        {
            Put(Clear(slot, "it said nothing for 10 s", Planned: false));
            return;
        }

        if (verdict == HeartbeatVerdict.Suspect && !linked.Suspected)
            Do(new Effect.NudgeHost(slot.Service, slot.Run));

        linked = linked with { Pulse = pulse, Suspected = verdict == HeartbeatVerdict.Suspect };
        Put(slot = slot with { State = linked });

        switch (linked.Errand)
        {
            case Errand.Leaving leaving when _state.Goal == Goal.StopNow && !leaving.Now:
            case not Errand.Leaving when _state.Goal == Goal.StopNow:
                Put(ShutDown(slot, Now: true));
                break;

            case not Errand.Leaving when _state.Goal == Goal.Stop:
                if (_plan.DependantsOf(slot.Service).All(other => _state.Hosts[other].State is HostState.Absent))
                    Put(ShutDown(slot, Now: false));
                break;

            case Errand.Idle when slot.Desire is Desire.Run run && Dependencies.Unmet(slot.Service, _plan, _state) is null && MayStartOneMore():
                Do(new Effect.StartService(slot.Service, slot.Run, run.Cause, ToAnswer));
                Put(slot with { State = linked with { Errand = new Errand.Serving() } });
                break;

            case Errand.Serving when slot.Desire is Desire.Down down && DependantsAreDown(slot.Service):
            case Errand.Stopping { Now: false } when slot.Desire is Desire.Down { Now: true }:
                var now = slot.Desire is Desire.Down { Now: true };
                Do(new Effect.StopService(slot.Service, slot.Run, now, TimeToStop(slot.Service)));
                Put(slot with { State = linked with { Errand = new Errand.Stopping(now) } });
                break;
        }
    }

    private bool DependantsAreDown(string service) =>
        _plan.DependantsOf(service).Select(other => _state.Hosts[other]).All(other => other.Desire is Desire.Run || other.IsDown);

    /// <summary>Twenty servers that start at once would all be slow; a service that only waits out a backoff does not count.</summary>
    private bool MayStartOneMore() => _state.Hosts.Values.Count(slot =>
        slot.State is HostState.Linked { Errand: Errand.Serving } && slot.Status.State is ServicePhase.Starting or ServicePhase.Stopped)
        < _plan.MaxStarting;

    private HeartbeatRule Pulse() => HeartbeatRule.Started(_at.Now).Beat(_at.Now);

    private TimeSpan TimeToStop(string service) => _plan[service].Stop.Grace + StopSlack;
}
