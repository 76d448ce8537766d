using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>
/// Ten thousand times: a file is saved, a flush asked for, and the moment it is answered the batch that names the file has been applied and acknowledged, whatever
/// else goes on. MODEL_FLUSHES multiplies the rounds.
/// </summary>
public sealed class FlushSoundnessSpecs(ITestOutputHelper output) : IDisposable
{
    private const int Saved = 50;

    private readonly TestDirectory _directory = new(new ModelSettings(CompareMode.Content, Settle: null, HasSmallDisk: false));
    private readonly NameRecordingParent _parent = new("folder");
    private StartWatcher _start = InProcessWatcher.StartAsync;

    [Fact]
    public Task In_a_calm_tree() => RunAsync(rounds: 4_500, roundsInLife: 4_500, WatcherCondition.Ordinary, _ => { });

    [Fact]
    public Task Over_the_pipe_of_the_executable()
    {
        _start = WatcherProcess.From(WatcherProcess.Executable);
        return RunAsync(rounds: 500, roundsInLife: 250, WatcherCondition.Ordinary, round => Burst(round, 5));
    }

    [Fact]
    public async Task During_a_storm()
    {
        using var calm = new CancellationTokenSource();
        var storm = Task.Run(() => Storm(calm.Token));

        try
        {
            await RunAsync(rounds: 3_500, roundsInLife: 500, WatcherCondition.Ordinary, _ => { });
        }
        finally
        {
            await calm.CancelAsync();
            await storm;
        }
    }

    [Fact]
    public async Task During_recrawls_after_buffer_overflows()
    {
        await RunAsync(rounds: 100, roundsInLife: 2, WatcherCondition.TinyBuffer, round => Burst(round, 200));

        _parent.Overflows.Should().BeGreaterThan(10);
    }

    [Fact]
    public Task During_the_first_crawl() =>
        RunAsync(rounds: 600, roundsInLife: 1, WatcherCondition.Ordinary, round => Burst(round, 20));

    [Fact]
    public Task While_the_cookie_folder_is_removed() =>
        RunAsync(rounds: 500, roundsInLife: 5, WatcherCondition.Ordinary, round =>
        {
            Burst(round, 5);

            if (round % 2 == 0)
                NativeDisk.Remove(_directory.CookieFolder);
        });

    [Fact]
    public Task Without_inotify() =>
        RunAsync(rounds: 300, roundsInLife: 50, WatcherCondition.NoInotify, round => Burst(round, 5));

    public void Dispose() => _directory.Dispose();

    /// <param name="roundsInLife">After so many, another watcher follows.</param>
    /// <param name="disturb">Done right before each save.</param>
    private async Task RunAsync(int rounds, int roundsInLife, WatcherCondition condition, Action<int> disturb)
    {
        var took = new List<TimeSpan>();
        IModelWatcher? watcher = null;

        for (var round = 0; round < rounds * ModelEnvironment.Flushes; round++)
        {
            if (round % roundsInLife == 0)
            {
                watcher = await FollowAsync(watcher, condition);

                // The first of all has nothing to compare with before it has read everything.
                if (_parent.Applied is null)
                    await watcher.FlushAsync();
            }

            disturb(round);
            var name = string.Create(CultureInfo.InvariantCulture, $"tree/a/saved{round % Saved}");
            // Before the save: its batch may go by itself before the flush is asked for.
            _parent.Forget();
            _directory.Work.TryDo(new Operation(OperationKind.Write, name, Number: round));
            var began = Stopwatch.GetTimestamp();
            await watcher!.FlushAsync();
            took.Add(Stopwatch.GetElapsedTime(began));
            _parent.Acknowledged.Should().Contain(_directory.Home + name, "round {0}", round);
        }

        await watcher!.DieAsync();
        took.Sort();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{took.Count} flushes: p50 {took[took.Count / 2].TotalMilliseconds:0.0} ms, p99 {took[took.Count * 99 / 100].TotalMilliseconds:0.0} ms"));
    }

    private async Task<IModelWatcher> FollowAsync(IModelWatcher? last, WatcherCondition condition)
    {
        if (last is null)
            _directory.Work.TryDo(new Operation(OperationKind.MakeDirectory, "tree/a"));
        else
            await last.DieAsync();

        return await _start(_parent.HelloFor(_directory), _directory, _parent, condition);
    }

    private void Burst(int round, int files)
    {
        for (var i = 0; i < files; i++)
            _directory.Work.TryDo(new Operation(OperationKind.MakeDeep, $"tree/burst/{i % 7}", $"{i}", round));
    }

    private void Storm(CancellationToken calm)
    {
        for (var i = 0; !calm.IsCancellationRequested; i++)
        {
            _directory.Work.TryDo(new Operation(OperationKind.MakeDeep, $"tree/storm/{i % 40}", $"{i % 7}", i));

            if (i % 11 == 0)
                _directory.Work.TryDo(new Operation(OperationKind.RemoveTree, $"tree/storm/{i % 40}"));
        }
    }
}
