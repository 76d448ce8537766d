using Supervisor.Watcher;
using Supervisor.Filtering;
using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>One lifetime of a watcher on a real tree, in this process. Disposing is its death: nothing is drained or delivered.</summary>
internal sealed class RunningWatcher : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static long _epochs;

    private readonly CancellationTokenSource _death = new();
    private readonly WorkLoop _loop;
    private readonly Task<int> _running;
    private readonly Log _log = Log.Open(folder: null);
    private readonly ModelParent _parent;
    private readonly long _epoch;

    private RunningWatcher(WatcherHello hello, ModelParent parent, SourceLimits limits, TimeProvider time)
    {
        var filter = WatchFilter.Create(hello.Settings, hello.Subscriptions, [Path.GetDirectoryName(hello.SnapshotPath)!]);
        RulesHash = filter.RulesHash;
        _parent = parent;
        _epoch = hello.Epoch;
        _loop = new WorkLoop(hello, filter, parent, limits, _log, time);
        _running = Task.Run(() => _loop.RunAsync(_death.Token));
    }

    public static RunningWatcher Start(
        WatchedTree tree, ModelParent parent, SourceLimits? limits = null, Func<WatcherHello, WatcherHello>? with = null, TimeProvider? time = null)
    {
        var hello = Hello(tree, parent);
        return new RunningWatcher(with?.Invoke(hello) ?? hello, parent, limits ?? new SourceLimits(), time ?? TimeProvider.System);
    }

    /// <summary>One that tells nothing until it is told to take over.</summary>
    public static RunningWatcher StandBy(WatchedTree tree, ModelParent parent, SourceLimits? limits = null) =>
        Start(tree, parent, limits, hello => hello with { Standby = true });

    public string RulesHash { get; }

    /// <summary>It has read everything and watches.</summary>
    public Task ArmedAsync() => _parent.CaughtUpAsync(beat => beat.Epoch == _epoch && beat.Phase == WatcherPhase.Watching);

    /// <summary>From what the parent has applied by now.</summary>
    public Task TakeOverAsync() => WithinAsync(_loop.TakeOverAsync(new WatchBaseline(_parent.Applied, _parent.Watermark), _death.Token));

    /// <summary>The exit code, when it ends by itself.</summary>
    public Task<int> Ended => _running.WaitAsync(Patience);

    public Task FlushAsync() => WithinAsync(_loop.FlushAsync(patient: false, _death.Token));

    /// <summary>What the flush could not prove.</summary>
    public async Task<string?> DoubtOfFlushAsync()
    {
        var flush = _loop.FlushAsync(patient: false, _death.Token);
        await WithinAsync(flush);
        return (await flush).Doubt;
    }

    public Task HoldAsync(bool held = true) => WithinAsync(_loop.HoldAsync(held, _death.Token));

    public Task PingAsync() => WithinAsync(_loop.PingAsync(_death.Token));

    public async Task<int> DrainAsync()
    {
        await _loop.DrainAsync(ExitCode.Ok, _death.Token);
        return await _running.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _death.CancelAsync();
        await _running.WaitAsync(Patience);
        _loop.Dispose();
        _log.Dispose();
        _death.Dispose();
    }

    public static Subscription Subscribe(string service, params string[] paths) =>
        new(service, new WatchSpec(paths, [], [], TimeSpan.Zero, new OnChange(ChangeAction.Restart, null)));

    public static WatcherHello Hello(WatchedTree tree, ModelParent parent) => new(
        Protocol.Oldest, Protocol.Newest, "test", Interlocked.Increment(ref _epochs),
        new WatcherSpec(
            WatchBackend.Auto, new LimitsSpec(null, null, null, null), new BackoffSpec(TimeSpan.Zero, TimeSpan.Zero), CompareMode.Content,
            Settle: null, [], Gitignore: false),
        [Subscribe("web", tree.Root)],
        new WatchBaseline(parent.Applied, parent.Applied is null ? DateTimeOffset.UtcNow.AddDays(1) : parent.Watermark), tree.Snapshot, Degraded: false);

    private async Task WithinAsync(Task asked)
    {
        if (await Task.WhenAny(asked, _running).WaitAsync(Patience) == _running)
            await _running;

        await asked.WaitAsync(Patience);
    }
}
