using System.Runtime.Versioning;
using StreamJsonRpc;
using Supervisor.Filtering;
using Supervisor.Watcher.Sources;
using Supervisor.Wire;

namespace Supervisor.Watcher.Links;

/// <summary>
/// The link to the one parent of this watcher's life, from its hello to its end, and the work loop in between. <see cref="RunAsync"/> once.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ParentLink : IParent, IWatcher, IAsyncDisposable
{
    // A parent says hello in the moment in which it connects.
    private static readonly TimeSpan HelloDeadline = TimeSpan.FromSeconds(20);

    private readonly Log _log;
    private readonly TimeProvider _time;
    private readonly RpcLink _link;
    private readonly IParentOfWatcher _parent;
    private readonly TaskCompletionSource<WorkLoop> _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hellos;

    public ParentLink(Stream stream, Log log, TimeProvider time)
    {
        _log = log;
        _time = time;
        _link = new RpcLink(stream, Formatters.Internal(), time) { HandlerFailed = log.HandlerFailed };
        _link.Rpc.AddLocalRpcTarget(RpcTargetMetadata.FromShape<IWatcher>(), this, null);
        _parent = _link.Rpc.Attach<IParentOfWatcher>();
    }

    /// <summary>Watches until the link ends or a drain does; returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var linked = _link.RunAsync(ending.Token);

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
        _link.CallAsync(token => _parent.DeliverAsync(batch, token), cancellationToken);

    public Task BeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken) =>
        _link.NotifyAsync(Notifications.Heartbeat, heartbeat, cancellationToken);

    public Task WarnAsync(WatcherWarning warning, CancellationToken cancellationToken) =>
        _link.NotifyAsync(Notifications.Warning, warning, cancellationToken);

    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private async Task<int> WorkAsync(CancellationTokenSource ending)
    {
        if (await Task.WhenAny(_greeted.Task, _link.Ended, Task.Delay(HelloDeadline, _time, ending.Token)) != _greeted.Task)
            return (int)ExitCode.Failed;

        using var loop = await _greeted.Task;
        var working = loop.RunAsync(ending.Token);

        if (await Task.WhenAny(working, _link.Ended) != working)
            await ending.CancelAsync();

        return await working;
    }

    Task<WatcherWelcome> IWatcher.HelloAsync(WatcherHello hello, CancellationToken cancellationToken) => Task.FromResult(Welcome(hello));

    async Task<FlushAnswer> IWatcher.FlushAsync(bool patient, CancellationToken cancellationToken) => await Greeted().FlushAsync(patient, cancellationToken);

    Task IWatcher.HoldAsync(bool held, CancellationToken cancellationToken) => Greeted().HoldAsync(held, cancellationToken);

    Task IWatcher.PingAsync(CancellationToken cancellationToken) => Greeted().PingAsync(cancellationToken);

    Task IWatcher.TrimAsync(CancellationToken cancellationToken) => Greeted().TrimAsync(cancellationToken);

    Task IWatcher.TakeOverAsync(WatchBaseline baseline, CancellationToken cancellationToken) => Greeted().TakeOverAsync(baseline, cancellationToken);

    Task IWatcher.DrainAsync(CancellationToken cancellationToken) => Greeted().DrainAsync(ExitCode.Ok, cancellationToken);

    private WatcherWelcome Welcome(WatcherHello hello)
    {
        var protocol = Protocol.Agree(hello.OldestProtocol, hello.NewestProtocol)
            ?? throw ErrorCode.Error(
                ErrorCode.InvalidRequest,
                $"This watcher speaks protocol {Protocol.Oldest} to {Protocol.Newest}, the parent {hello.OldestProtocol} to {hello.NewestProtocol}.");

        var filter = Compile(hello);

        if (Interlocked.Increment(ref _hellos) > 1)
            throw ErrorCode.Error(ErrorCode.NotNow, "A watcher takes one hello in its life; start another watcher.");

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
            throw ErrorCode.Error(ErrorCode.InvalidParams, exception.Message);
        }
    }

    private WorkLoop Greeted() => _greeted.Task.IsCompletedSuccessfully
        ? _greeted.Task.Result
        : throw ErrorCode.Error(ErrorCode.NotNow, "Say watcher/hello first.");
}
