
namespace Supervisor.Unit.Watcher.Crawling;

public sealed class FlushSpecs : IDisposable
{
    private readonly WatchedTree _tree = new();

    [Fact]
    public async Task What_was_saved_before_a_flush_is_delivered_before_its_answer_while_a_storm_goes_on()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();
        using var calm = new CancellationTokenSource();
        var storm = Task.Run(() => Storm(calm.Token));

        try
        {
            for (var i = 0; i < 200; i++)
            {
                _tree.Write("saved", $"{i}");
                await watcher.FlushAsync();
                parent.Model[_tree["saved"]].Should().Be($"{i}");
            }
        }
        finally
        {
            await calm.CancelAsync();
            await storm;
        }
    }

    [Fact]
    public async Task Concurrent_flushes_are_all_answered()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => watcher.FlushAsync()));
    }

    [Fact]
    public async Task Without_a_place_for_cookies_a_flush_reads_everything()
    {
        await File.WriteAllTextAsync(_tree.Snapshot + ".flush", "a file is in the way");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();

        _tree.Write("a/b/f", "one");
        (await watcher.DoubtOfFlushAsync()).Should().Contain("no cookie").And.Contain("everything was read again");

        parent.Model.Should().Equal(_tree.Read());
    }

    [Fact]
    public async Task A_flush_with_a_cookie_is_certain_and_one_without_reports_its_doubt()
    {
        var parent = new ModelParent(_tree.Root);

        await using (var listening = RunningWatcher.Start(_tree, parent))
            (await listening.DoubtOfFlushAsync()).Should().BeNull();

        await using var polling = RunningWatcher.Start(_tree, parent, with: hello => hello with { Degraded = true });
        _tree.Write("f", "one");
        (await polling.DoubtOfFlushAsync()).Should().Contain(_tree.Root).And.Contain("poll").And.Contain("read again");
        parent.Model.Should().Equal(_tree.Read());
    }

    [Fact]
    public async Task A_removed_cookie_folder_is_reported_and_loses_no_change()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();
        Directory.Delete(_tree.Snapshot + ".flush", recursive: true);

        _tree.Write("a/b/f", "one");
        (await watcher.DoubtOfFlushAsync()).Should().Contain("everything was read again");

        parent.Model.Should().Equal(_tree.Read());
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_causes_a_warning_and_stops_nothing()
    {
        Directory.CreateDirectory(_tree.Snapshot + ".new");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();

        _tree.Write("f", "one");
        await watcher.FlushAsync();

        parent.Model.Should().Equal(_tree.Read());
        parent.Warnings.Should().Contain(warning => warning.Contains("write down", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_watcher_near_its_cap_that_is_not_replaced_exits_by_itself()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent, with: hello => hello with
        {
            Settings = hello.Settings with { Limits = hello.Settings.Limits with { MemoryBytes = 1024 * 1024 } },
        });

        (await watcher.Ended).Should().Be((int)ExitCode.TemporaryFailure);
    }

    public void Dispose() => _tree.Dispose();

    private void Storm(CancellationToken calm)
    {
        for (var i = 0; !calm.IsCancellationRequested; i++)
        {
            _tree.Write($"storm/{i % 40}/{i % 7}", "content");

            if (i % 11 == 0)
                Directory.Delete(_tree[$"storm/{i % 40}"], recursive: true);
        }
    }
}
