namespace Supervisor.Parent.Supervision;

/// <summary>The state of the tree. Immutable; only <see cref="TreeLoop"/> holds the current one.</summary>
/// <param name="Epoch">The newest number given to a parent or a watcher of this run; none is given twice.</param>
internal sealed record TreeState(
    TreePlan Plan, Goal Goal, long Epoch, WatcherSlot Watcher, RouteState Routes, ImmutableSortedDictionary<string, HostSlot> Hosts,
    ImmutableSortedDictionary<string, Hold> Holds)
{
    /// <summary>null: the watcher is not being replaced.</summary>
    public Replacement? Replacement { get; init; }

    /// <summary>Number of the last stop or restart that was ordered: an answer to an earlier one says nothing about it.</summary>
    public long LastOrder { get; init; }

    /// <summary>The configuration file as it was read last; null: it is what the tree runs.</summary>
    public ConfigurationChange? Change { get; init; }

    /// <summary>The tree was asked to stop, and everything has ended.</summary>
    public bool IsOver =>
        Goal != Goal.Serve && Watcher.State is WatcherState.Stopped && Replacement is null && HostsAreGone;

    public bool HostsAreGone => Hosts.Values.All(slot => slot.State is HostState.Absent);

    /// <summary>The service is not configured any more, or its host has an earlier configuration.</summary>
    public bool IsOutdated(HostSlot slot) => !Plan.Knows(slot.Service) || (slot.SpecHash is { } running && running != Plan.HashOf(slot.Service));

    /// <param name="left">Services for which an earlier parent recorded a host: the parent connects to it before it spawns one.</param>
    /// <param name="found">The baseline that the earlier parent recorded.</param>
    public static TreeState Initial(TreePlan plan, long epoch, IReadOnlySet<string> left, WatchBaseline found) => new(
        plan, Goal.Serve, epoch, WatcherSlot.Initial, RouteState.Initial(found),
        plan.StartOrder.ToImmutableSortedDictionary(
            service => service, service => HostSlot.Initial(plan[service], left.Contains(service), plan.Autostart), StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, Hold>(StringComparer.Ordinal));
}

/// <summary>A hold keeps changes back until they are complete; see <see cref="HoldStatus"/>.</summary>
/// <param name="Ticket">Distinguishes this hold from all others of the same name.</param>
/// <param name="Until">It is released then at the latest.</param>
internal sealed record Hold(string Name, long Ticket, int Pid, string Holder, DateTimeOffset Since, TimeSpan Until);

internal enum Goal
{
    Serve,
    Stop,

    /// <summary>Without a grace period.</summary>
    StopNow,
}

/// <summary>The watcher's slot in the tree; it outlives the single watcher.</summary>
/// <param name="Epoch">Of the current or last watcher.</param>
/// <param name="Degraded">The last watchers died too often: start with the polling backend.</param>
/// <param name="Resyncs">Of the earlier watchers, without this one.</param>
/// <param name="Held">The value that it has applied last; null: a request is under way.</param>
/// <param name="LastExitReason">Why the last watcher ended, where that is known.</param>
/// <param name="Ladder">How close its usage is to its caps.</param>
/// <param name="Rules">The <see cref="TreePlan.WatchHash"/> of its settings and subscriptions.</param>
/// <param name="GroupIndex">
/// 0 or 1: its limit group. Active watcher and standby use different ones, so that the standby takes nothing from the active one.
/// </param>
internal sealed record WatcherSlot(
    WatcherState State, long Epoch, int? Pid, RestartHistory Failures, int Restarts, bool Degraded,
    Heartbeat? Heartbeat, WatcherSample? Sample, UsageLadder Ladder, TimeSpan? RecycledAt, ExitStatus? LastExit,
    ResyncCounts Resyncs, int GroupIndex, bool? Held, string? LastExitReason = null, string Rules = "")
{
    public static readonly WatcherSlot Initial =
        new(new WatcherState.Absent(TimeSpan.Zero), 0, null, RestartHistory.Empty, 0, false, null, null, UsageLadder.Initial, null, null, ResyncCounts.None, 0, Held: false);
}

/// <param name="CpuPercent">Of one core, since the previous sample.</param>
internal sealed record WatcherSample(long MemoryBytes, double CpuPercent);

internal abstract record WatcherState
{
    /// <param name="Due">When the next one is spawned.</param>
    internal sealed record Absent(TimeSpan Due) : WatcherState;
    /// <summary>Spawned; the handshake is not complete.</summary>
    internal sealed record Connecting : WatcherState;
    /// <param name="Suspected">Silent for some time: it was pinged.</param>
    internal sealed record Up(TimeSpan Since, HeartbeatRule Liveness, bool Suspected) : WatcherState;
    /// <summary>Draining or being killed; its exit is reported in any case.</summary>
    internal sealed record Stopping(bool Planned) : WatcherState;
    internal sealed record Stopped : WatcherState;
}

/// <summary>
/// The active watcher is being replaced: a standby watches beside it and reports nothing until the active one has ended. If the standby fails before
/// that, the active watcher keeps running, or is drained first and the next one spawned afterwards.
/// </summary>
/// <param name="Why">With figures.</param>
/// <param name="ReadyBy">The standby is killed if it has not read everything by then.</param>
internal sealed record Replacement(WatcherSlot Standby, string Cause, string Why, TimeSpan ReadyBy)
{
    public bool IsReady => Standby is { State: WatcherState.Up, Heartbeat.Phase: WatcherPhase.Watching };
}

/// <summary>One service's slot in the tree; it outlives the single host.</summary>
/// <param name="Spec">Of the current or last host. A service that is not configured any more keeps its slot: no run number is used twice.</param>
/// <param name="Run">Number of the current or last host process.</param>
/// <param name="Status">The newest status that a host reported.</param>
/// <param name="LossReason">Why the last host was lost, until a new one is linked.</param>
internal sealed record HostSlot(
    ServiceSpec Spec, DesiredState Desired, HostState State, long Run, int? Pid, RestartHistory Failures, ServiceStatus Status,
    string? LossReason, Outbox Outbox)
{
    public string Service => Spec.Name;

    /// <summary>As the linked host reported it; null: no host is linked yet.</summary>
    public string? SpecHash { get; init; }

    /// <summary>The newest restart that a command requested of a running server; null: none, or a later start or stop has replaced it.</summary>
    public RequestedRestart? Restart { get; init; }

    /// <summary>The generation that was up last; null: none was since this parent has started.</summary>
    public int? UpGeneration { get; init; }

    /// <summary>A server runs or may run, and its host is to replace it. Where none runs, any start is the restart.</summary>
    public bool IsRestarting => Restart is RequestedRestart.Waiting or RequestedRestart.Sent && State is not HostState.Linked { Activity: HostActivity.Idle or HostActivity.StartingAgain };

    /// <summary>A server runs, or a task has done its work, and nobody wants it stopped.</summary>
    public bool MayBeRestarted => this is { Desired: DesiredState.Run, Status: { Pid: not null } or { State: ServicePhase.Completed } };

    /// <summary>What the outcomes of commands depend on, apart from the status.</summary>
    public (DesiredState Desired, RequestedRestart? Restart, bool IsDown) Request => (Desired, Restart, IsDown);

    public static HostSlot Initial(ServiceSpec spec, bool left, bool autostart) => new(
        spec, (spec.Autostart && autostart) || left ? new DesiredState.Run("autostart") : new DesiredState.Down(Now: false),
        left ? new HostState.Dialling() : new HostState.Absent(TimeSpan.Zero), Run: 0, null, RestartHistory.Empty,
        new ServiceStatus(
            spec.Name, ServicePhase.Stopped, false, null, null, 0, 0, 0, null, null, [], null, null, null, null, null),
        null, Outbox.Empty);

    /// <summary>A server of this service runs or may run, so changes are sent to it. A server that starts later reads the newest files.</summary>
    public bool MayServe => State is HostState.Dialling or HostState.Linked { Activity: HostActivity.Serving or HostActivity.StartingAgain or HostActivity.Stopping };

    /// <summary>An answer and a report of one host may overtake each other.</summary>
    public HostSlot With(ServiceStatus status) => status.Number < Status.Number ? this : this with { Status = status, UpGeneration = DependencyRule.UpGeneration(Spec, status) ?? UpGeneration };

    /// <summary>No server runs and no start is under way.</summary>
    public bool IsDown => State is HostState.Absent or HostState.Linked { Activity: HostActivity.Idle };
}

internal abstract record DesiredState
{
    /// <param name="Cause">autostart, manual, dependency, config, or crash where the last host of the service died with its server.</param>
    /// <param name="Alone">Whatever it depends on.</param>
    internal sealed record Run(string Cause, bool Alone = false) : DesiredState;
    internal sealed record Down(bool Now) : DesiredState;
}

internal abstract record RequestedRestart
{
    /// <summary>Sent to the host as soon as it has a link and serves.</summary>
    /// <param name="Cause">manual or dependency.</param>
    internal sealed record Waiting(bool Force, string Cause = "manual") : RequestedRestart;
    internal sealed record Sent(Waiting Order, long Number) : RequestedRestart;
    internal sealed record Answered(ServiceOutcome Outcome) : RequestedRestart;
}

internal abstract record HostState
{
    /// <param name="Due">When the next one may be spawned.</param>
    internal sealed record Absent(TimeSpan Due) : HostState;
    /// <summary>Being spawned, handshake included; it has no order to start a server yet.</summary>
    internal sealed record Spawning : HostState;
    /// <summary>The host runs (or an earlier parent left it) and has no link: the parent connects to it.</summary>
    internal sealed record Dialling : HostState;
    internal sealed record Linked(TimeSpan Since, HeartbeatRule Liveness, bool Suspected, HostActivity Activity) : HostState;
    /// <summary>Its process and everything it started are being killed and removed; the end of that is reported in any case.</summary>
    internal sealed record Clearing(bool Planned) : HostState;
}

/// <summary>What a linked host was ordered to do.</summary>
internal abstract record HostActivity
{
    internal sealed record Idle : HostActivity;
    internal sealed record Serving : HostActivity;
    /// <summary>Its server has ended, and a command has requested a start, which is still to be ordered. The host may start it by itself meanwhile.</summary>
    internal sealed record StartingAgain : HostActivity;
    internal sealed record Stopping(bool Now, long Number) : HostActivity;
    /// <summary>Stop the server and exit.</summary>
    internal sealed record ShuttingDown(bool Now) : HostActivity;
}
