using System.Runtime.Versioning;
using Supervisor.Watcher;
using Supervisor.Watcher.Links;
using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>The work loop in this process, which dies by being cancelled: between two of its turns.</summary>
[SupportedOSPlatform("linux")]
internal sealed class InProcessWatcher : IModelWatcher
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _death = new();
    private readonly Log _log = Log.Open(folder: null);
    private readonly WorkLoop _loop;
    private readonly Task<int> _running;

    private InProcessWatcher(WatcherHello hello, TestDirectory directory, IParent parent, SourceLimits limits)
    {
        _loop = new WorkLoop(hello, directory.NewFilter(), parent, limits, _log, TimeProvider.System);
        _running = Task.Run(() => _loop.RunAsync(_death.Token));
    }

    public static Task<IModelWatcher> StartAsync(WatcherHello hello, TestDirectory directory, IParent parent, WatcherCondition condition) =>
        Task.FromResult<IModelWatcher>(new InProcessWatcher(hello, directory, parent, LimitsOf(condition)));

    public Task FlushAsync() => WithinAsync(_loop.FlushAsync(patient: false, _death.Token));

    public Task HoldAsync(bool held) => WithinAsync(_loop.HoldAsync(held, _death.Token));

    public Task PingAsync() => WithinAsync(_loop.PingAsync(_death.Token));

    public Task TakeOverAsync(WatchBaseline baseline) => WithinAsync(_loop.TakeOverAsync(baseline, _death.Token));

    public async Task DrainAsync()
    {
        await _loop.DrainAsync(ExitCode.Ok, _death.Token);
        await Task.WhenAny(_running, Task.Delay(DrainTimeout));
    }

    public async Task DieAsync()
    {
        await _death.CancelAsync();
        await _running.WaitAsync(Timeout);
        _loop.Dispose();
        _log.Dispose();
        _death.Dispose();
    }

    private static SourceLimits LimitsOf(WatcherCondition condition) => condition switch
    {
        WatcherCondition.SmallBuffer => new SourceLimits(BufferedBytes: 4096),
        WatcherCondition.TinyBuffer => new SourceLimits(BufferedBytes: 512),
        WatcherCondition.FewWatches => new SourceLimits { Watches = 3 },
        WatcherCondition.NoInotify => new SourceLimits { Instances = 0 },
        _ => new SourceLimits(),
    };

    private async Task WithinAsync(Task asked)
    {
        if (await Task.WhenAny(asked, _running).WaitAsync(Timeout) == _running)
            await _running;

        await asked.WaitAsync(Timeout);
    }
}
