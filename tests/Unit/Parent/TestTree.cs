using Supervisor.Configuration;
using Supervisor.Parent.Supervision;
using Supervisor.Supervision;

namespace Supervisor.Unit.Parent;

/// <summary>The parent's state machine, driven by a test: it applies single events, advances the time and records the effects.</summary>
internal sealed class TestTree
{
    public static readonly DateTimeOffset Noon = VirtualTime.Noon;

    private TestTree(TreePlan plan, IReadOnlySet<string> left)
    {
        State = TreeState.Initial(plan, epoch: 1, left, new WatchBaseline("old", Noon - TimeSpan.FromHours(1)));
    }

    public TreePlan Plan => State.Plan;

    public TreeState State { get; private set; }

    public TimeSpan Now { get; private set; }

    public List<Effect> Effects { get; } = [];

    public static TestTree TreeOf(params ServiceSpec[] services) => TreeOf(services, []);

    public static TestTree TreeOf(ServiceSpec[] services, string[] left, LimitsSpec? limits = null, int maxStarting = 4)
    {
        var watcher = new WatcherSpec(
            WatchBackend.Auto, limits ?? new LimitsSpec(null, null, null, null),
            new BackoffSpec(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10)), CompareMode.Content, null, [], true);
        var plan = new TreePlan(new TreeSpec("/there/supervisor.json", watcher, null, services), Noon, maxStarting, autostart: true);
        return new TestTree(plan, left.ToHashSet(StringComparer.Ordinal));
    }

    public static ServiceSpec Service(string name, params (string Service, DependencyCondition Condition)[] needs) => new(
        name, ["run", name], "/there", new Dictionary<string, string>(StringComparer.Ordinal), null, PortConflict.Block,
        new WatchSpec(["/there"], [], [], TimeSpan.Zero, new OnChange(ChangeAction.Restart, null)), null, null,
        new RestartSpec(RestartPolicy.OnFailure, new BackoffSpec(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)), new CrashLoopSpec(5, TimeSpan.FromSeconds(60))),
        new StopSpec(15, TimeSpan.FromSeconds(5)), new LimitsSpec(null, null, null, null),
        needs.ToDictionary(need => need.Service, need => need.Condition, StringComparer.Ordinal), Autostart: true);

    /// <summary>Returns the effects of this step only.</summary>
    public IReadOnlyList<Effect> Happens(TreeEvent happened)
    {
        var (next, effects) = TreeMachine.Step(State, happened, new StepContext(Now, Chance: 0.5));
        State = next;
        Effects.AddRange(effects);
        return effects;
    }

    /// <summary>In steps of a second, like the timer of the loop.</summary>
    public IReadOnlyList<Effect> Advance(double seconds)
    {
        var until = Now + TimeSpan.FromSeconds(seconds);
        var before = Effects.Count;

        while (Now < until)
        {
            Now = new[] { until, Now + HeartbeatRule.CheckInterval }.Min();
            Happens(new TreeEvent.TimerElapsed());
        }

        return Effects[before..];
    }

    /// <summary>The parent or the machine was suspended: no checks and no heartbeats.</summary>
    public void JumpAhead(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        Happens(new TreeEvent.TimerElapsed());
    }

    /// <summary>Time passes, and every linked child sends its heartbeats.</summary>
    public IReadOnlyList<Effect> AdvanceWithHeartbeats(double seconds)
    {
        var before = Effects.Count;

        for (var second = 0.0; second < seconds; second++)
        {
            foreach (var slot in State.Hosts.Values.Where(slot => slot.State is HostState.Linked))
                Happens(new TreeEvent.HostReported(slot.Service, slot.Run, slot.Status));

            Happens(new TreeEvent.WatcherHeartbeat(State.Watcher.Epoch, Beat(State.Watcher.Epoch)));
            Advance(1);
        }

        return Effects[before..];
    }

    public HostSlot Slot(string service) => State.Hosts[service];

    public IReadOnlyList<Effect> HostLinks(string service, ServicePhase phase = ServicePhase.Stopped, string? specHash = null)
    {
        if (Slot(service).Run > 0)
            Happens(new TreeEvent.HostSpawned(service, Slot(service).Run, 100));

        var status = Slot(service).Status with { State = phase };
        return Happens(new TreeEvent.HostLinked(
            service, Slot(service).Run, new HostWelcome(1, "test", 100, specHash ?? Plan.HashOf(service)!, status)));
    }

    public IReadOnlyList<Effect> Reports(string service, ServicePhase phase) =>
        Happens(new TreeEvent.HostReported(service, Slot(service).Run, Slot(service).Status with { State = phase, Pid = 200 }));

    /// <summary>The host answers the stop that was ordered last.</summary>
    public IReadOnlyList<Effect> HostStops(string service, ServiceStatus? status = null)
    {
        var number = Slot(service).State is HostState.Linked { Activity: HostActivity.Stopping stopping } ? stopping.Number : 0;
        return Happens(new TreeEvent.HostStopped(service, Slot(service).Run, number, status ?? Slot(service).Status with { State = ServicePhase.Stopped }));
    }

    public IReadOnlyList<Effect> HostExits(string service) => Happens(new TreeEvent.HostExited(service, Slot(service).Run, "killed by SIGKILL"));

    public IReadOnlyList<Effect> HostIsCleared(string service) => Happens(new TreeEvent.HostCleared(service, Slot(service).Run));

    /// <summary>From the first timer event to a linked watcher.</summary>
    public TestTree WatcherIsUp()
    {
        if (State.Watcher.State is WatcherState.Absent)
            Happens(new TreeEvent.TimerElapsed());

        Happens(new TreeEvent.WatcherSpawned(State.Watcher.Epoch, 50));
        Happens(new TreeEvent.WatcherLinked(State.Watcher.Epoch));
        return this;
    }

    /// <summary>The watcher has read everything and uses this much memory.</summary>
    public TestTree WatcherIsIdle(long memory = 100)
    {
        Happens(new TreeEvent.WatcherHeartbeat(State.Watcher.Epoch, Beat(State.Watcher.Epoch)));
        Happens(new TreeEvent.WatcherSampled(State.Watcher.Epoch, new WatcherSample(memory, 0)));
        return this;
    }

    /// <summary>Linked, ordered to start, and ready.</summary>
    public TestTree IsUp(params string[] services)
    {
        Happens(new TreeEvent.TimerElapsed());

        foreach (var service in services)
            HostLinks(service);

        foreach (var service in services)
            Reports(service, ServicePhase.Ready);

        return this;
    }

    public IReadOnlyList<Effect> WatcherExits(int? code = null) => Happens(new TreeEvent.WatcherExited(
        State.Watcher.Epoch,
        code is null ? new ExitStatus(ExitKind.Signal, null, "SIGKILL", Noon) : new ExitStatus(ExitKind.Exit, code, null, Noon)));

    /// <summary>The next watcher is spawned and linked, and has read everything.</summary>
    public IReadOnlyList<Effect> StandbyBecomesReady()
    {
        StandbyLinks();
        return Happens(new TreeEvent.WatcherHeartbeat(State.Replacement!.Standby.Epoch, Beat(State.Replacement.Standby.Epoch)));
    }

    public IReadOnlyList<Effect> StandbyLinks()
    {
        Happens(new TreeEvent.WatcherSpawned(State.Replacement!.Standby.Epoch, 51));
        return Happens(new TreeEvent.WatcherLinked(State.Replacement.Standby.Epoch));
    }

    public IReadOnlyList<Effect> StandbyExits() =>
        Happens(new TreeEvent.WatcherExited(State.Replacement!.Standby.Epoch, new ExitStatus(ExitKind.Signal, null, "SIGKILL", Noon)));

    public IReadOnlyList<Effect> Batch(long ticket, params string[] services) => Happens(new TreeEvent.BatchArrived(
        State.Watcher.Epoch, ticket,
        new ChangeBatch(State.Watcher.Epoch, "c" + ticket, Noon + Now, [.. services.Select(name => new ServiceChange(name, ["/there/a.py"], 0, false))])));

    public static Heartbeat Beat(long epoch) => new(epoch, 1, WatcherPhase.Watching, "inotify", 1, 1, 0, 1);

    public static Hold HoldOf(string name, long ticket, int pid = 7) => new(name, ticket, pid, $"process {pid}: make", Noon, default);

    /// <summary>Reports to the machine that a batch is recorded.</summary>
    public IReadOnlyList<Effect> ConfirmRecorded(Effect.RecordApplied record) => Happens(new TreeEvent.BatchApplied(record.Ticket, record.Applied));
}
