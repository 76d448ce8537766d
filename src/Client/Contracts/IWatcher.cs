using PolyType;
using StreamJsonRpc;

namespace Supervisor.Client;

/// <summary>The requests of the parent to a watcher. The parent dials the watcher's pipe and says hello first; one link per watcher.</summary>
[JsonRpcContract, GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
public partial interface IWatcher
{
    /// <summary>Answered at once; crawling begins after the answer. A watcher takes one hello in its life.</summary>
    [JsonRpcMethod("watcher/hello")]
    Task<WatcherWelcome> HelloAsync(WatcherHello hello, CancellationToken cancellationToken);

    /// <summary>Answered once every change that was on disk before the request has been delivered and acknowledged; refused while changes are held.</summary>
    /// <param name="patient">Changes are delivered no sooner than they would be anyway.</param>
    [JsonRpcMethod("watcher/flush")]
    Task<FlushAnswer> FlushAsync(bool patient, CancellationToken cancellationToken);

    /// <summary>
    /// Keep changes back, or release them: then their net effect is delivered at once. Answered as soon as it is in effect; harmless twice.
    /// </summary>
    [JsonRpcMethod("watcher/hold")]
    Task HoldAsync(bool held, CancellationToken cancellationToken);

    /// <summary>Answered by the work loop, so that the answer proves that the loop runs.</summary>
    [JsonRpcMethod("watcher/ping")]
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>Give memory back to the system now.</summary>
    [JsonRpcMethod("watcher/trim")]
    Task TrimAsync(CancellationToken cancellationToken);

    /// <summary>
    /// To a standby, once the active watcher has ended: from now on it reports everything that differs from the baseline. Answered when the loop has
    /// received it; a standby that still reads its roots takes over when it has read them.
    /// </summary>
    [JsonRpcMethod("watcher/takeOver")]
    Task TakeOverAsync(WatchBaseline baseline, CancellationToken cancellationToken);

    /// <summary>Deliver settled changes, accept no new ones, exit with 0: a planned recycle.</summary>
    [JsonRpcMethod("watcher/drain")]
    Task DrainAsync(CancellationToken cancellationToken);
}

/// <summary>The messages of a watcher to its parent, over the link that the parent dialled. Messages of an older epoch are ignored.</summary>
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

/// <param name="Epoch">Number of this watcher process; part of every message of the watcher.</param>
/// <param name="SnapshotPath">The watcher's own file with a snapshot and a log of its state by cursor. Only the watcher reads it.</param>
/// <param name="Degraded">Start with the polling backend regardless of the configuration: the last watchers died too often.</param>
/// <param name="Held">Start with changes kept back: see <see cref="IWatcher.HoldAsync"/>.</param>
/// <param name="Standby">
/// Another watcher is active: watch and read everything, report nothing, and do not touch the file at <paramref name="SnapshotPath"/> alone until <see
/// cref="IWatcher.TakeOverAsync"/>. A heartbeat with phase watching means that the standby is ready.
/// </param>
public sealed record WatcherHello(
    int OldestProtocol, int NewestProtocol, string Build, long Epoch, WatcherSpec Settings,
    IReadOnlyList<Subscription> Subscriptions, WatchBaseline Baseline, string SnapshotPath, bool Degraded, bool Held = false, bool Standby = false);

/// <param name="Doubt">null: proven by the order of kernel events. Otherwise how it was checked, and what the check cannot rule out, as text.</param>
public sealed record FlushAnswer(string? Doubt);

public sealed record WatcherWelcome(int Protocol, string Build, int Pid);

/// <summary>
/// Watch rules of one service. Its changes are reported in a <see cref="ServiceChange"/> with the same name. A service may have several.
/// </summary>
/// <param name="ContentOnly">Files that were different for a while, and are as before, are no change: no <see cref="ServiceChange.Unseen"/>.</param>
public sealed record Subscription(string Service, WatchSpec Watch, bool ContentOnly = false);

/// <summary>The state of the files that the servers are known to run: the watcher reports everything that differs from it.</summary>
/// <param name="Applied">Cursor of the last batch that was applied: resume exactly there. Null when none was in this run of the tree.</param>
/// <param name="Watermark">
/// A moment before the first server of this run was started, before <paramref name="Applied"/> was applied, or up to which a watcher has reported
/// everything. If the cursor cannot be resumed (none yet, or the snapshot is unreadable), everything newer than this moment counts as changed.
/// Otherwise files that are newer but do not differ may have differed in between.
/// </param>
public sealed record WatchBaseline(string? Applied, DateTimeOffset Watermark);

/// <param name="Cursor">Opaque outside the watcher; unique over all epochs of one run.</param>
/// <param name="HeardUntil">
/// When the last of these changes was noticed, as time since boot without suspend (CLOCK_MONOTONIC): a server that is spawned after that reads them all. null:
/// unknown.
/// </param>
/// <param name="ToldUntil">No change before this moment is left for a later batch; null: unknown, but no change is older than the longest usual pause.</param>
public sealed record ChangeBatch(
    long Epoch, string Cursor, DateTimeOffset At, IReadOnlyList<ServiceChange> Services, DateTimeOffset? ToldUntil = null, TimeSpan? HeardUntil = null);

/// <summary>The changes for one service.</summary>
/// <param name="Files">Absolute paths, printable; at most 100.</param>
/// <param name="More">How many further files changed.</param>
/// <param name="LostTrack">The watcher cannot say which files: treat everything the service watches as changed.</param>
/// <param name="Unseen">Not null: nothing has changed, but files may have been different for a while. null for every actual change.</param>
public sealed record ServiceChange(string Service, IReadOnlyList<string> Files, int More, bool LostTrack, UnseenSpan? Unseen = null);

/// <param name="Backend">As <see cref="RootStatus.Backend"/>, over all roots.</param>
/// <param name="QueueDepth">Paths waiting to be checked.</param>
/// <param name="ToldUntil">Every change before this moment is reported and acknowledged; null: unknown at the moment.</param>
/// <param name="Roots">One for every watch path.</param>
/// <param name="Resyncs">Since the start of this watcher.</param>
public sealed record Heartbeat(
    long Epoch, long Sequence, WatcherPhase Phase, string Backend, int Directories, int Files, int QueueDepth, long MemoryBytes,
    DateTimeOffset? ToldUntil = null, IReadOnlyList<RootStatus>? Roots = null, ResyncCounts? Resyncs = null);

public sealed record WatcherWarning(long Epoch, string Message);
