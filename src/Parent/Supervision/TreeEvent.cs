namespace Supervisor.Parent.Supervision;

/// <summary>Every event that the loop handles. An event of an earlier epoch or run changes nothing.</summary>
internal abstract record TreeEvent
{
    /// <summary>A deadline has passed, or the next periodic check is due.</summary>
    /// <param name="Beats">Of the hosts that have beaten since the last event of this kind.</param>
    internal sealed record TimerElapsed(IReadOnlyList<HostBeat>? Beats = null) : TreeEvent;
    internal abstract record OfWatcher(long Epoch) : TreeEvent;
    internal sealed record WatcherSpawned(long Epoch, int Pid) : OfWatcher(Epoch);
    internal sealed record WatcherLinked(long Epoch) : OfWatcher(Epoch);
    /// <summary>It answered a ping: counts as a heartbeat.</summary>
    internal sealed record WatcherAnswered(long Epoch) : OfWatcher(Epoch);
    internal sealed record WatcherHeartbeat(long Epoch, Heartbeat Heartbeat) : OfWatcher(Epoch);
    internal sealed record WatcherSampled(long Epoch, WatcherSample Sample) : OfWatcher(Epoch);
    /// <summary>It runs but cannot be used: no handshake, link lost, drain refused.</summary>
    internal sealed record WatcherFailed(long Epoch, string Why) : OfWatcher(Epoch);
    internal sealed record WatcherExited(long Epoch, ExitStatus Exit, string? Why = null) : OfWatcher(Epoch);
    /// <param name="Held">The value that it has applied.</param>
    internal sealed record WatcherHoldApplied(long Epoch, bool Held) : OfWatcher(Epoch);
    internal sealed record BatchArrived(long Epoch, long Ticket, ChangeBatch Batch) : OfWatcher(Epoch);
    /// <summary>The batch is recorded on disk as applied.</summary>
    internal sealed record BatchApplied(long Ticket, WatchBaseline Applied) : TreeEvent;
    internal abstract record OfHost(string Service, long Run) : TreeEvent;
    internal sealed record HostSpawned(string Service, long Run, int Pid) : OfHost(Service, Run);
    internal sealed record HostLinked(string Service, long Run, HostWelcome Welcome) : OfHost(Service, Run);
    internal sealed record HostBeat(string Service, long Run) : OfHost(Service, Run);
    internal sealed record HostUnlinked(string Service, long Run) : OfHost(Service, Run);
    internal sealed record HostReported(string Service, long Run, ServiceStatus Status) : OfHost(Service, Run);
    /// <param name="Number">Of the order that is answered.</param>
    internal sealed record HostRestarted(string Service, long Run, long Number, ServiceOutcome Outcome) : OfHost(Service, Run);
    internal sealed record HostStopped(string Service, long Run, long Number, ServiceStatus Status) : OfHost(Service, Run);
    /// <summary>It runs but cannot be used: not reachable, an order refused or overdue.</summary>
    internal sealed record HostFailed(string Service, long Run, string Why) : OfHost(Service, Run);
    internal sealed record HostExited(string Service, long Run, string Why) : OfHost(Service, Run);
    internal sealed record HostCleared(string Service, long Run) : OfHost(Service, Run);
    /// <param name="Recorded">false: the link ended or the host was slow. The outcome is unknown, so the change is sent again.</param>
    internal sealed record ChangeAnswered(string Service, long Run, bool Recorded) : OfHost(Service, Run);
    /// <param name="Alone">Without what they depend on, and without waiting for it.</param>
    internal sealed record StartRequested(IReadOnlyList<string> Services, bool Alone = false) : TreeEvent;
    internal sealed record StopRequested(IReadOnlyList<string> Services, bool Now) : TreeEvent;
    internal sealed record RestartRequested(IReadOnlyList<string> Services, bool Force) : TreeEvent;
    internal sealed record StopAllRequested(bool Now) : TreeEvent;
    /// <summary>The tree runs another configuration from now on. No effect once the tree stops, or if it does not run the earlier one any more.</summary>
    internal sealed record PlanReplaced(TreePlan Earlier, TreePlan Plan) : TreeEvent;
    /// <param name="Change">Compared with <paramref name="Plan"/>.</param>
    internal sealed record ConfigurationRead(TreePlan Plan, ConfigurationChange? Change) : TreeEvent;
    internal sealed record WatcherRestartRequested : TreeEvent;
    /// <summary>Refused if another process has a hold of that name: the board shows which.</summary>
    internal sealed record HoldRequested(Hold Hold, TimeSpan Within) : TreeEvent;
    internal sealed record ReleaseRequested(IReadOnlyList<string> Names) : TreeEvent;
    internal sealed record HolderEnded(long Ticket) : TreeEvent;
}
