using Supervisor.Wire.JsonRpc;

namespace Supervisor.Wire.Contracts;

/// <summary>What the parent asks of a watcher. The parent dials the watcher's pipe and says hello first; one link per watcher.</summary>
public static class ParentToWatcher
{
    /// <summary>Answered at once; crawling begins after the answer. A watcher takes one hello in its life.</summary>
    public static readonly RpcMethod<WatcherHello, WatcherWelcome> Hello =
        new("watcher/hello", WireJson.Default.WatcherHello, WireJson.Default.WatcherWelcome);

    /// <summary>Answered once every change that was on disk before the request has been delivered and acknowledged; refused while changes are held.</summary>
    public static readonly RpcMethod<Nothing, FlushAnswer> Flush =
        new("watcher/flush", WireJson.Default.Nothing, WireJson.Default.FlushAnswer);

    /// <summary>
    /// Keep changes back, or let them go again: then what they amount to goes out at once. Answered as soon as it holds; harmless twice.
    /// </summary>
    public static readonly RpcMethod<HoldOrder, Nothing> Hold =
        new("watcher/hold", WireJson.Default.HoldOrder, WireJson.Default.Nothing);

    /// <summary>Answered by the loop that does the work, so that the answer proves it alive.</summary>
    public static readonly RpcMethod<Nothing, Nothing> Ping =
        new("watcher/ping", WireJson.Default.Nothing, WireJson.Default.Nothing);

    /// <summary>Give memory back to the system now.</summary>
    public static readonly RpcMethod<Nothing, Nothing> Trim =
        new("watcher/trim", WireJson.Default.Nothing, WireJson.Default.Nothing);

    /// <summary>
    /// To a watcher that was greeted as a standby, once the one before it is gone: from now on it tells everything that differs from the baseline. Answered
    /// when the loop has heard it; where it still reads its roots, it takes over at the end of that.
    /// </summary>
    public static readonly RpcMethod<WatchBaseline, Nothing> TakeOver =
        new("watcher/takeOver", WireJson.Default.WatchBaseline, WireJson.Default.Nothing);

    /// <summary>Deliver what is settled, take in nothing more, exit with 0: a planned recycle.</summary>
    public static readonly RpcMethod<Nothing, Nothing> Drain =
        new("watcher/drain", WireJson.Default.Nothing, WireJson.Default.Nothing);
}

/// <param name="Epoch">This lifetime's number; sent back with everything the watcher says.</param>
/// <param name="SnapshotPath">The watcher's own file, a snapshot and a log in one: what it knew when, by cursor. Only the watcher reads it.</param>
/// <param name="Degraded">Come up with the polling backend whatever the configuration says: the last watchers died too often.</param>
/// <param name="Held">Begin with changes kept back: see <see cref="ParentToWatcher.Hold"/>.</param>
/// <param name="Standby">
/// Another watcher is in charge: watch and read everything, tell nothing of it, and leave the file at <paramref name="SnapshotPath"/> alone until <see
/// cref="ParentToWatcher.TakeOver"/>. A heartbeat that says watching says armed.
/// </param>
public sealed record WatcherHello(
    int OldestProtocol, int NewestProtocol, string Build, long Epoch, WatcherSpec Settings,
    IReadOnlyList<Subscription> Subscriptions, WatchBaseline Baseline, string SnapshotPath, bool Degraded, bool Held = false, bool Standby = false);

/// <param name="Doubt">Null: proven by the order in which the kernel tells. Otherwise in words how it was made sure, and what that cannot rule out.</param>
public sealed record FlushAnswer(string? Doubt);

public sealed record HoldOrder(bool Held);

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
