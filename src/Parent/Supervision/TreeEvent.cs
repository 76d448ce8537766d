namespace Supervisor.Parent.Supervision;

/// <summary>Everything the loop can be told. What names an earlier epoch or run changes nothing.</summary>
internal abstract record TreeEvent
{
    /// <summary>A deadline of the state has passed.</summary>
    internal sealed record Woke : TreeEvent;
    internal abstract record OfWatcher(long Epoch) : TreeEvent;
    internal sealed record WatcherSpawned(long Epoch, int Pid) : OfWatcher(Epoch);
    internal sealed record WatcherLinked(long Epoch) : OfWatcher(Epoch);
    /// <summary>It answered a ping: as good as a heartbeat.</summary>
    internal sealed record WatcherAnswered(long Epoch) : OfWatcher(Epoch);
    internal sealed record WatcherBeat(long Epoch, Heartbeat Beat) : OfWatcher(Epoch);
    internal sealed record WatcherSampled(long Epoch, WatcherSample Sample) : OfWatcher(Epoch);
    /// <summary>It lives and is of no use: never greeted, link lost, drain refused.</summary>
    internal sealed record WatcherFailed(long Epoch, string Why) : OfWatcher(Epoch);
    internal sealed record WatcherExited(long Epoch, ExitStatus Exit) : OfWatcher(Epoch);
    /// <param name="Held">What it has been told, as far as is known.</param>
    internal sealed record WatcherHolds(long Epoch, bool Held) : OfWatcher(Epoch);
    internal sealed record BatchArrived(long Epoch, long Ticket, ChangeBatch Batch) : OfWatcher(Epoch);
    /// <summary>It is on disk that the batch has been applied.</summary>
    internal sealed record BatchApplied(long Ticket, WatchBaseline Applied) : TreeEvent;
    internal abstract record OfHost(string Service, long Run) : TreeEvent;
    internal sealed record HostSpawned(string Service, long Run, int Pid) : OfHost(Service, Run);
    internal sealed record HostLinked(string Service, long Run, HostWelcome Welcome) : OfHost(Service, Run);
    internal sealed record HostUnlinked(string Service, long Run) : OfHost(Service, Run);
    internal sealed record HostReported(string Service, long Run, ServiceStatus Status) : OfHost(Service, Run);
    internal sealed record HostStopped(string Service, long Run, ServiceStatus Status) : OfHost(Service, Run);
    /// <summary>It lives and is of no use: not reachable, an order refused or overdue.</summary>
    internal sealed record HostFailed(string Service, long Run, string Why) : OfHost(Service, Run);
    internal sealed record HostExited(string Service, long Run, string Why) : OfHost(Service, Run);
    internal sealed record HostCleared(string Service, long Run) : OfHost(Service, Run);
    /// <param name="Recorded">false: the link ended or the host was slow; nobody knows, so it is sent again.</param>
    internal sealed record ChangeAnswered(string Service, long Run, bool Recorded) : OfHost(Service, Run);
    internal sealed record StartWanted(IReadOnlyList<string> Services) : TreeEvent;
    internal sealed record StopWanted(IReadOnlyList<string> Services, bool Now) : TreeEvent;
    internal sealed record StopAllWanted(bool Now) : TreeEvent;
    internal sealed record WatcherRestartWanted : TreeEvent;
    /// <summary>Refused, where somebody else holds by that name: the board says who.</summary>
    internal sealed record HoldWanted(Hold Hold, TimeSpan Within) : TreeEvent;
    internal sealed record ReleaseWanted(IReadOnlyList<string> Names) : TreeEvent;
    internal sealed record HolderEnded(long Ticket) : TreeEvent;
}
