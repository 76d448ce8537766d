using System.Runtime.Versioning;
using Supervisor.Watcher;
using Supervisor.Watcher.Links;
using Supervisor.Watcher.Sources;
using Supervisor.Wire.Contracts;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>The work loop in this process, which dies by being cancelled: between two of its turns.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopInProcess : IPlayedWatcher
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ToDrain = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _death = new();
    private readonly Log _log = Log.Open(folder: null);
    private readonly WorkLoop _loop;
    private readonly Task<int> _running;

    private LoopInProcess(WatcherHello hello, Ground ground, IParent parent, SourceLimits limits)
    {
        _loop = new WorkLoop(hello, ground.NewFilter(), parent, limits, _log, TimeProvider.System);
        _running = Task.Run(() => _loop.RunAsync(_death.Token));
    }

    public static Task<IPlayedWatcher> StartAsync(WatcherHello hello, Ground ground, IParent parent, Condition condition) =>
        Task.FromResult<IPlayedWatcher>(new LoopInProcess(hello, ground, parent, LimitsOf(condition)));

    public Task FlushAsync() => WithinAsync(_loop.FlushAsync(_death.Token));

    public Task HoldAsync(bool held) => WithinAsync(_loop.HoldAsync(held, _death.Token));

    public Task PingAsync() => WithinAsync(_loop.PingAsync(_death.Token));

    public Task TakeOverAsync(WatchBaseline baseline) => WithinAsync(_loop.TakeOverAsync(baseline, _death.Token));

    public async Task DrainAsync()
    {
        await _loop.DrainAsync(ExitCode.Ok, _death.Token);
        await Task.WhenAny(_running, Task.Delay(ToDrain));
    }

    public async Task DieAsync()
    {
        await _death.CancelAsync();
        await _running.WaitAsync(Patience);
        _loop.Dispose();
        _log.Dispose();
        _death.Dispose();
    }

    private static SourceLimits LimitsOf(Condition condition) => condition switch
    {
        Condition.SmallBuffer => new SourceLimits(BufferedBytes: 4096),
        Condition.TinyBuffer => new SourceLimits(BufferedBytes: 512),
        Condition.FewWatches => new SourceLimits { Watches = 3 },
        Condition.NoInotify => new SourceLimits { Instances = 0 },
        _ => new SourceLimits(),
    };

    private async Task WithinAsync(Task asked)
    {
        if (await Task.WhenAny(asked, _running).WaitAsync(Patience) == _running)
            await _running;

        await asked.WaitAsync(Patience);
    }
}
