namespace Supervisor.Parent.Supervision;

/// <summary>Where the tree stands. Immutable; only <see cref="TreeLoop"/> holds the current one.</summary>
/// <param name="Epoch">The newest number given to a parent or a watcher of this run; none is given twice.</param>
internal sealed record TreeState(
    Goal Goal, long Epoch, WatcherSlot Watcher, RouteState Routes, ImmutableSortedDictionary<string, HostSlot> Hosts,
    ImmutableSortedDictionary<string, Hold> Holds)
{
    /// <summary>Null: nobody is to take the watcher's place.</summary>
    public Relief? Relief { get; init; }

    /// <summary>Everything was asked to stop and is gone.</summary>
    public bool IsOver =>
        Goal != Goal.Serve && Watcher.State is WatcherState.Stopped && Relief is null && HostsAreGone;

    public bool HostsAreGone => Hosts.Values.All(slot => slot.State is HostState.Absent);

    /// <param name="left">Services for which an earlier parent left a host on record: they are dialled before anything is spawned for them.</param>
    /// <param name="found">What the earlier parent wrote down as applied.</param>
    public static TreeState Initial(TreePlan plan, long epoch, IReadOnlySet<string> left, WatchBaseline found) => new(
        Goal.Serve, epoch, WatcherSlot.Initial, RouteState.Initial(found),
        plan.StartOrder.ToImmutableSortedDictionary(
            service => service, service => HostSlot.Initial(plan[service], left.Contains(service), plan.Autostart), StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, Hold>(StringComparer.Ordinal));
}

/// <summary>Somebody keeps changes back until they are whole; see <see cref="HoldStatus"/>.</summary>
/// <param name="Ticket">Names this hold among all that ever had its name.</param>
/// <param name="Until">By then it is released, whoever holds it.</param>
internal sealed record Hold(string Name, long Ticket, int Pid, string Holder, DateTimeOffset Since, TimeSpan Until);

internal enum Goal
{
    Serve,
    Stop,

    /// <summary>Without grace.</summary>
    StopNow,
}

/// <summary>The watcher's place in the tree; watchers come and go in it.</summary>
/// <param name="Epoch">Of the watcher that is or was last there.</param>
/// <param name="Degraded">The last ones died too often: come up with the polling backend.</param>
/// <param name="Resyncs">Of the watchers before the last one.</param>
/// <param name="Held">What it was last told of holds; null: it is being told.</param>
/// <param name="Ladder">How near it is to its caps.</param>
/// <param name="Berth">0 or 1: which of the two limit groups it lives in, so that one that arms takes nothing from the one in charge.</param>
internal sealed record WatcherSlot(
    WatcherState State, long Epoch, int? Pid, RestartHistory Failures, int Restarts, bool Degraded,
    Heartbeat? Beat, WatcherSample? Sample, UsageLadder Ladder, TimeSpan? RecycledAt, ExitStatus? LastExit,
    ResyncCounts Resyncs, int Berth, bool? Held)
{
    public static readonly WatcherSlot Initial =
        new(new WatcherState.Absent(TimeSpan.Zero), 0, null, RestartHistory.Empty, 0, false, null, null, UsageLadder.Initial, null, null, ResyncCounts.None, 0, Held: false);
}

/// <param name="CpuPercent">Of one core, since the sample before.</param>
internal sealed record WatcherSample(long MemoryBytes, double CpuPercent);

internal abstract record WatcherState
{
    /// <param name="Due">When the next one is to be spawned.</param>
    internal sealed record Absent(TimeSpan Due) : WatcherState;
    /// <summary>Spawned, and not yet greeted.</summary>
    internal sealed record Connecting : WatcherState;
    /// <param name="Suspected">Silent for long: it has been pinged.</param>
    internal sealed record Up(TimeSpan Since, HeartbeatRule Pulse, bool Suspected) : WatcherState;
    /// <summary>Draining or being killed; its exit is certain to be reported.</summary>
    internal sealed record Leaving(bool Planned) : WatcherState;
    internal sealed record Stopped : WatcherState;
}

/// <summary>
/// The watcher in charge is being replaced: the next one watches beside it and tells nothing, until that one is gone. If it fails before, the one in charge
/// goes on, or is replaced the old way.
/// </summary>
/// <param name="Why">With figures.</param>
/// <param name="ArmedBy">Given up if it has not read everything by then.</param>
internal sealed record Relief(WatcherSlot Standby, string Cause, string Why, TimeSpan ArmedBy)
{
    public bool IsArmed => Standby is { State: WatcherState.Up, Beat.Phase: WatcherPhase.Watching };
}

/// <summary>One service's place in the tree; hosts come and go in it.</summary>
/// <param name="Run">Number of the host process that is or was last there.</param>
/// <param name="Status">The newest that a host said.</param>
/// <param name="Trouble">Why the last host was lost, until a new one is linked.</param>
internal sealed record HostSlot(
    string Service, Desire Desire, HostState State, long Run, int? Pid, RestartHistory Failures, ServiceStatus Status,
    string? Trouble, Outbox Outbox)
{
    public static HostSlot Initial(ServiceSpec spec, bool left, bool autostart) => new(
        spec.Name, (spec.Autostart && autostart) || left ? new Desire.Run("autostart") : new Desire.Down(Now: false),
        left ? new HostState.Dialling() : new HostState.Absent(TimeSpan.Zero), Run: 0, null, RestartHistory.Empty,
        new ServiceStatus(
            spec.Name, ServicePhase.Stopped, false, null, null, 0, 0, 0, null, null, [], null, null, null, null, null),
        null, Outbox.Empty);

    /// <summary>A server of this service runs or may run, so a change is owed to it. One that is started later starts from the newest files.</summary>
    public bool MayServe => State is HostState.Dialling or HostState.Linked { Errand: Errand.Serving or Errand.Stopping };

    /// <summary>No server runs and none has been ordered.</summary>
    public bool IsDown => State is HostState.Absent or HostState.Linked { Errand: Errand.Idle };
}

internal abstract record Desire
{
    /// <param name="Cause">autostart, manual, dependency, or crash where the last host of the service died with its server.</param>
    internal sealed record Run(string Cause) : Desire;
    internal sealed record Down(bool Now) : Desire;
}

internal abstract record HostState
{
    /// <param name="Due">When the next one may be spawned.</param>
    internal sealed record Absent(TimeSpan Due) : HostState;
    /// <summary>Being spawned and greeted; it has not been told to start anything.</summary>
    internal sealed record Spawning : HostState;
    /// <summary>A host is there (or was left by an earlier parent) and has no link: it is dialled.</summary>
    internal sealed record Dialling : HostState;
    internal sealed record Linked(TimeSpan Since, HeartbeatRule Pulse, bool Suspected, Errand Errand) : HostState;
    /// <summary>Its process and everything it started are being killed and cleared away; the end of that is certain to be reported.</summary>
    internal sealed record Clearing(bool Planned) : HostState;
}

/// <summary>What a linked host has been told to do.</summary>
internal abstract record Errand
{
    internal sealed record Idle : Errand;
    internal sealed record Serving : Errand;
    internal sealed record Stopping(bool Now) : Errand;
    /// <summary>Stop the server and exit.</summary>
    internal sealed record Leaving(bool Now) : Errand;
}
