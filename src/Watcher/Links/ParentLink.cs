using System.Runtime.Versioning;
using Supervisor.Filtering;
using Supervisor.Watcher.Sources;
using Supervisor.Wire;

namespace Supervisor.Watcher.Links;

/// <summary>
/// The link to the one parent of this watcher's life, from its hello to its end, and the work loop in between. <see cref="RunAsync"/> once.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ParentLink : IParent, IAsyncDisposable
{
    // A parent says hello in the moment in which it connects.
    private static readonly TimeSpan HelloDeadline = TimeSpan.FromSeconds(20);

    private readonly Log _log;
    private readonly TimeProvider _time;
    private readonly RpcPeer _peer;
    private readonly TaskCompletionSource<WorkLoop> _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hellos;

    public ParentLink(Stream stream, Log log, TimeProvider time)
    {
        _log = log;
        _time = time;
        _peer = new RpcPeer(stream, Methods(), time) { HandlerFailed = log.HandlerFailed };
    }

    /// <summary>Watches until the link ends or a drain does; returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var linked = _peer.RunAsync(ending.Token);

        try
        {
            return await WorkAsync(ending);
        }
        finally
        {
            await ending.CancelAsync();
            _log.LinkEnded(await linked);
        }
    }

    public Task DeliverAsync(ChangeBatch batch, CancellationToken cancellationToken) =>
        _peer.CallAsync(WatcherToParent.Deliver, batch, cancellationToken);

    public Task BeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken) =>
        _peer.NotifyAsync(WatcherToParent.Heartbeat, heartbeat, cancellationToken);

    public Task WarnAsync(WatcherWarning warning, CancellationToken cancellationToken) =>
        _peer.NotifyAsync(WatcherToParent.Warning, warning, cancellationToken);

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private async Task<int> WorkAsync(CancellationTokenSource ending)
    {
        if (await Task.WhenAny(_greeted.Task, _peer.Ended, Task.Delay(HelloDeadline, _time, ending.Token)) != _greeted.Task)
            return (int)ExitCode.Failed;

        using var loop = await _greeted.Task;
        var working = loop.RunAsync(ending.Token);

        if (await Task.WhenAny(working, _peer.Ended) != working)
            await ending.CancelAsync();

        return await working;
    }

    private RpcMethods Methods() => RpcMethods.None
        .On(ParentToWatcher.Hello, (hello, _, _) => Task.FromResult(Welcome(hello)))
        .On(ParentToWatcher.Flush, async (_, _, token) => await Greeted().FlushAsync(token))
        .On(ParentToWatcher.Hold, (order, _, token) => AskAsync(loop => loop.HoldAsync(order.Held, token)))
        .On(ParentToWatcher.Ping, (_, _, token) => AskAsync(loop => loop.PingAsync(token)))
        .On(ParentToWatcher.Trim, (_, _, token) => AskAsync(loop => loop.TrimAsync(token)))
        .On(ParentToWatcher.TakeOver, (baseline, _, token) => AskAsync(loop => loop.TakeOverAsync(baseline, token)))
        .On(ParentToWatcher.Drain, (_, _, token) => AskAsync(loop => loop.DrainAsync(ExitCode.Ok, token)));

    private WatcherWelcome Welcome(WatcherHello hello)
    {
        var protocol = Protocol.Agree(hello.OldestProtocol, hello.NewestProtocol)
            ?? throw new RpcException(
                ErrorCode.InvalidRequest,
                $"This watcher speaks protocol {Protocol.Oldest} to {Protocol.Newest}, the parent {hello.OldestProtocol} to {hello.NewestProtocol}.");

        var filter = Compile(hello);

        if (Interlocked.Increment(ref _hellos) > 1)
            throw new RpcException(ErrorCode.NotNow, "A watcher takes one hello in its life; start another watcher.");

        _log.Greeted(hello.Epoch, filter.Roots.Count, hello.Baseline.Applied);
        _greeted.SetResult(new WorkLoop(hello, filter, this, new SourceLimits(), _log, _time));
        return new WatcherWelcome(protocol, Build, Environment.ProcessId);
    }

    private static string Build => typeof(ParentLink).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    private static WatchFilter Compile(WatcherHello hello)
    {
        try
        {
            var ownFolders = new[] { Path.GetDirectoryName(hello.SnapshotPath), Environment.GetEnvironmentVariable(Log.FolderVariable) };
            return WatchFilter.Create(hello.Settings, hello.Subscriptions, [.. ownFolders.OfType<string>().Where(folder => folder.Length > 0)]);
        }
        catch (InvalidGlobException exception)
        {
            throw new RpcException(ErrorCode.InvalidParams, exception.Message);
        }
    }

    private async Task<Nothing> AskAsync(Func<WorkLoop, Task> request)
    {
        await request(Greeted());
        return Nothing.Instance;
    }

    private WorkLoop Greeted() => _greeted.Task.IsCompletedSuccessfully
        ? _greeted.Task.Result
        : throw new RpcException(ErrorCode.NotNow, "Say watcher/hello first.");
}
