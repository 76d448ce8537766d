using PolyType;
using StreamJsonRpc;

namespace Supervisor.Client;

/// <summary>What the parent asks of a watcher. The parent dials the watcher's pipe and says hello first; one link per watcher.</summary>
[JsonRpcContract, GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
public partial interface IWatcher
{
    /// <summary>Answered at once; crawling begins after the answer. A watcher takes one hello in its life.</summary>
    [JsonRpcMethod("watcher/hello")]
    Task<WatcherWelcome> HelloAsync(WatcherHello hello, CancellationToken cancellationToken);

    /// <summary>Answered once every change that was on disk before the request has been delivered and acknowledged; refused while changes are held.</summary>
    [JsonRpcMethod("watcher/flush")]
    Task<FlushAnswer> FlushAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Keep changes back, or let them go again: then what they amount to goes out at once. Answered as soon as it holds; harmless twice.
    /// </summary>
    [JsonRpcMethod("watcher/hold")]
    Task HoldAsync(bool held, CancellationToken cancellationToken);

    /// <summary>Answered by the loop that does the work, so that the answer proves it alive.</summary>
    [JsonRpcMethod("watcher/ping")]
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>Give memory back to the system now.</summary>
    [JsonRpcMethod("watcher/trim")]
    Task TrimAsync(CancellationToken cancellationToken);

    /// <summary>
    /// To a watcher that was greeted as a standby, once the one before it is gone: from now on it tells everything that differs from the baseline. Answered
    /// when the loop has heard it; where it still reads its roots, it takes over at the end of that.
    /// </summary>
    [JsonRpcMethod("watcher/takeOver")]
    Task TakeOverAsync(WatchBaseline baseline, CancellationToken cancellationToken);

    /// <summary>Deliver what is settled, take in nothing more, exit with 0: a planned recycle.</summary>
    [JsonRpcMethod("watcher/drain")]
    Task DrainAsync(CancellationToken cancellationToken);
}

/// <summary>What a watcher tells its parent, over the link that the parent dialled. Anything of an older epoch is ignored.</summary>
[JsonRpcContract, GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
public partial interface IParentOfWatcher
{
    /// <summary>The answer is the acknowledgement: the batch has been applied and the cursor is stored. May come twice; harmless.</summary>
    [JsonRpcMethod("parent/deliver")]
    Task DeliverAsync(ChangeBatch batch, CancellationToken cancellationToken);

    /// <summary>A notification; see <see cref="Notifications.Heartbeat"/>.</summary>
    [JsonRpcMethod(Notifications.Heartbeat)]
    Task HeartbeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken);

    /// <summary>A notification; see <see cref="Notifications.Warning"/>.</summary>
    [JsonRpcMethod(Notifications.Warning)]
    Task WarningAsync(WatcherWarning warning, CancellationToken cancellationToken);
}

/// <param name="Epoch">This lifetime's number; sent back with everything the watcher says.</param>
/// <param name="SnapshotPath">The watcher's own file, a snapshot and a log in one: what it knew when, by cursor. Only the watcher reads it.</param>
/// <param name="Degraded">Come up with the polling backend whatever the configuration says: the last watchers died too often.</param>
/// <param name="Held">Begin with changes kept back: see <see cref="IWatcher.HoldAsync"/>.</param>
/// <param name="Standby">
/// Another watcher is in charge: watch and read everything, tell nothing of it, and leave the file at <paramref name="SnapshotPath"/> alone until <see
/// cref="IWatcher.TakeOverAsync"/>. A heartbeat that says watching says armed.
/// </param>
public sealed record WatcherHello(
    int OldestProtocol, int NewestProtocol, string Build, long Epoch, WatcherSpec Settings,
    IReadOnlyList<Subscription> Subscriptions, WatchBaseline Baseline, string SnapshotPath, bool Degraded, bool Held = false, bool Standby = false);

/// <param name="Doubt">Null: proven by the order in which the kernel tells. Otherwise in words how it was made sure, and what that cannot rule out.</param>
public sealed record FlushAnswer(string? Doubt);

public sealed record WatcherWelcome(int Protocol, string Build, int Pid);

/// <summary>One service's watch rules. The answer to them is a <see cref="ServiceChange"/> with the same name.</summary>
public sealed record Subscription(string Service, WatchSpec Watch);

/// <summary>What the servers are known to run: the watcher reports everything that differs from it.</summary>
/// <param name="Applied">Cursor of the last batch that was applied: resume exactly there. Null when none was in this run of the tree.</param>
/// <param name="Watermark">
/// A moment before the first server of this run was started, before <paramref name="Applied"/> was applied, or up to which a watcher has said to have
/// told everything. Where the cursor cannot be resumed (none yet, or the snapshot is unreadable), whatever is newer than this moment counts as
/// changed; where it can, what is newer and does not differ may have differed in between.
/// </param>
public sealed record WatchBaseline(string? Applied, DateTimeOffset Watermark);

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
