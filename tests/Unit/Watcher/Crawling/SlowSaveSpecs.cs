using System.Diagnostics;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>Saves whose temporary file stands for a while before it is renamed over the saved one.</summary>
public sealed class SlowSaveSpecs : IDisposable
{
    // A file is waited for a second long. A machine that is busy for so long between two lines of a test has not played the situation.
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(800);

    // Nor has one on which a single stat may take as long as a batch waits at most.
    private static readonly TimeSpan Answered = TimeSpan.FromMilliseconds(250);

    private readonly WatchedTree _tree = new();

    public SlowSaveSpecs()
    {
        _tree.Write("a/main.py", "one");
        _tree.Write("b/page.txt", "one");
    }

    public static TheoryData<string> Temporaries =>
        ["main.py.1234567890", "main.py.tmp.4711.1732640000000", ".main.py.Xy12Zq", "main.py.BxYZab", "tmpab12cd34", "main.py123456789", "main.tmp"];

    [Theory]
    [MemberData(nameof(Temporaries))]
    public async Task The_temporary_file_of_a_slow_save_is_told_to_nobody(string temporary)
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        await PlayAsync(watcher, parent, () => _tree.Write($"a/{temporary}", $"{Guid.NewGuid()}"), () => File.Move(_tree[$"a/{temporary}"], _tree["a/main.py"], overwrite: true));
        await watcher.FlushAsync();

        Told(parent).Should().Equal(_tree["a/main.py"]);
        parent.Model.Should().Equal(_tree.Read());
    }

    [Fact]
    public async Task A_file_that_is_away_while_its_successor_is_written_is_not_told_to_be_gone()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        await PlayAsync(
            watcher,
            parent,
            () =>
            {
                _tree.Write("a/main.py.1234567890", $"{Guid.NewGuid()}");
                File.Move(_tree["a/main.py"], _tree["a/main.py~"]);
            },
            () =>
            {
                File.Move(_tree["a/main.py.1234567890"], _tree["a/main.py"]);
                File.Delete(_tree["a/main.py~"]);
            });
        await watcher.FlushAsync();

        Told(parent).Should().Equal(_tree["a/main.py"]);
        parent.Model.Should().Equal(_tree.Read());
    }

    [Fact]
    public async Task A_file_with_such_a_name_that_stays_is_told_by_itself()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        _tree.Write("a/main.py.bak", "kept");

        await parent.ReportedAsync(_tree["a/main.py.bak"]);
    }

    [Fact]
    public async Task A_flush_tells_of_it_at_once()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        _tree.Write("a/main.py.bak", "kept");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["a/main.py.bak"]);
    }

    [Fact]
    public async Task The_next_watcher_tells_of_a_file_that_waited_when_the_last_one_died()
    {
        var parent = new ModelParent(_tree.Root);
        string waiting;

        await using (var first = await StartAsync(parent))
        {
            do
            {
                parent.Forget();
                waiting = _tree[$"a/main.py.{Guid.NewGuid()}"];
                await File.WriteAllTextAsync(waiting, "kept");
                _tree.Write("b/page.txt", $"{Guid.NewGuid()}");
                await parent.ReportedAsync(_tree["b/page.txt"]);
            }
            while (parent.Names.Contains(waiting, StringComparer.Ordinal));
        }

        await using var second = RunningWatcher.Start(_tree, parent, with: WithTwoServices);
        await parent.ReportedAsync(waiting);

        parent.Model.Should().Equal(_tree.Read());
    }

    public void Dispose() => _tree.Dispose();

    /// <summary>
    /// The second half follows once the watcher has told of something that happened after the first half: it would have told of that too. Again, where that took too long.
    /// </summary>
    private async Task PlayAsync(RunningWatcher watcher, ModelParent parent, Action begin, Action end)
    {
        for (var round = 0; round < 20; round++)
        {
            await watcher.FlushAsync();
            parent.Forget();
            var watch = Stopwatch.StartNew();
            begin();
            _tree.Write("b/page.txt", $"{round} {Guid.NewGuid()}");
            await parent.ReportedAsync(_tree["b/page.txt"]);
            end();
            var played = watch.Elapsed;
            await watcher.FlushAsync();

            if (played < Quick && watch.Elapsed - played < Answered)
                return;
        }
    }

    private async Task<RunningWatcher> StartAsync(ModelParent parent)
    {
        var watcher = RunningWatcher.Start(_tree, parent, with: WithTwoServices);
        await watcher.FlushAsync();
        parent.Forget();
        return watcher;
    }

    private IEnumerable<string> Told(ModelParent parent) => parent.Names.Where(name => name != _tree["b/page.txt"]);

    private WatcherHello WithTwoServices(WatcherHello hello) => hello with
    {
        Subscriptions = [RunningWatcher.Subscribe("a", _tree["a"]), RunningWatcher.Subscribe("b", _tree["b"])],
    };
}
