using Supervisor.Wire.JsonRpc;

namespace Supervisor.Wire.Contracts;

/// <summary>What a watcher tells its parent, over the link that the parent dialled. Anything of an older epoch is ignored.</summary>
public static class WatcherToParent
{
    /// <summary>The answer is the acknowledgement: the batch has been applied and the cursor is stored. May come twice; harmless.</summary>
    public static readonly RpcMethod<ChangeBatch, Nothing> Deliver =
        new("parent/deliver", WireJson.Default.ChangeBatch, WireJson.Default.Nothing);

    /// <summary>Sent every 2 s from the work loop itself, and at every change of phase. Silence is a verdict: 6 s suspect, 10 s hung.</summary>
    public static readonly RpcNotification<Heartbeat> Heartbeat = new("parent/heartbeat", WireJson.Default.Heartbeat);

    /// <summary>Something a person should know (a watch limit reached, an unreadable directory, a stale lock).</summary>
    public static readonly RpcNotification<WatcherWarning> Warning = new("parent/warning", WireJson.Default.WatcherWarning);
}

/// <param name="Cursor">Opaque outside the watcher; unique over all epochs of one run.</param>
/// <param name="ToldUntil">Nothing that happened before this moment is left for a later batch; null: before a time that no ordinary pause exceeds.</param>
public sealed record ChangeBatch(
    long Epoch, string Cursor, DateTimeOffset At, IReadOnlyList<ServiceChange> Services, DateTimeOffset? ToldUntil = null);

/// <summary>What changed for one service.</summary>
/// <param name="Files">Absolute paths, printable; at most 100.</param>
/// <param name="More">How many further files changed.</param>
/// <param name="LostTrack">The watcher cannot say which files: treat everything the service watches as changed.</param>
/// <param name="Unseen">Not null: nothing has changed, but something may have been otherwise for a while. Null for every change proper.</param>
public sealed record ServiceChange(string Service, IReadOnlyList<string> Files, int More, bool LostTrack, UnseenSpan? Unseen = null);

/// <param name="Backend">As <see cref="RootStatus.Backend"/>, over all roots.</param>
/// <param name="QueueDepth">Paths waiting to be looked at.</param>
/// <param name="ToldUntil">Everything that happened before this moment has been told and acknowledged; null: cannot be said just now.</param>
/// <param name="Roots">One for every watch path.</param>
/// <param name="Resyncs">In this watcher's life.</param>
public sealed record Heartbeat(
    long Epoch, long Sequence, WatcherPhase Phase, string Backend, int Directories, int Files, int QueueDepth, long MemoryBytes,
    DateTimeOffset? ToldUntil = null, IReadOnlyList<RootStatus>? Roots = null, ResyncCounts? Resyncs = null);

public sealed record WatcherWarning(long Epoch, string Message);
