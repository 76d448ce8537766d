using Supervisor.Tree.Harness;
using Supervisor.Unit.Watcher.Delivery;
using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>What the next watcher makes of what the last one left.</summary>
public sealed class RecoverySpecs : IDisposable
{
    private readonly WatchedTree _tree = new();

    [Fact]
    public async Task A_save_while_no_watcher_ran_is_reported_by_the_next_one()
    {
        _tree.Write("changed", "one");
        _tree.Write("deleted", "one");
        _tree.Write("same", "one");
        var parent = new ModelParent(_tree.Root);
        await LiveOnceAsync(parent);

        _tree.Write("changed", "two");
        File.Delete(_tree["deleted"]);
        _tree.Write("new/f", "one");
        await LiveOnceAsync(parent);

        parent.Names.Should().BeEquivalentTo(_tree["changed"], _tree["deleted"], _tree["new/f"]);
    }

    [Fact]
    public async Task A_file_rewritten_with_the_same_bytes_is_no_change_for_the_next_watcher_either()
    {
        _tree.Write("f", "one");
        var parent = new ModelParent(_tree.Root);
        var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();
        await Wait.UntilAsync(() => HashInLog(watcher, parent) != 0, "its content is hashed in idle time, and the log knows");

        _tree.Write("f.new", "one");
        File.Move(_tree["f.new"], _tree["f"], overwrite: true);
        await watcher.FlushAsync();
        var told = parent.Names.ToList();
        await watcher.DisposeAsync();
        await LiveOnceAsync(parent);

        told.Should().NotContain(_tree["f"]);
        parent.Names.Should().Equal(told);
    }

    [Fact]
    public async Task A_file_delivered_without_acknowledgement_and_deleted_since_is_reported_as_removed()
    {
        var parent = new ModelParent(_tree.Root);
        var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();
        parent.FateOf = _ => BatchOutcome.Unacknowledged;

        _tree.Write("f", "one");
        await parent.ReportedAsync(_tree["f"]);
        await watcher.DisposeAsync();
        File.Delete(_tree["f"]);
        parent.FateOf = null;
        await LiveOnceAsync(parent);

        parent.Model.Should().BeEmpty();
    }

    [Fact]
    public async Task A_batch_that_never_arrived_is_sent_again()
    {
        var parent = new ModelParent(_tree.Root);
        var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();
        parent.FateOf = _ => BatchOutcome.Lost;

        _tree.Write("f", "one");
        await parent.ReportedAsync(_tree["f"]);
        await watcher.DisposeAsync();
        parent.FateOf = null;
        await LiveOnceAsync(parent);

        parent.Model.Should().Equal(_tree.Read());
    }

    [Fact]
    public async Task Without_a_log_only_services_with_newer_files_get_lost_track_once()
    {
        _tree.Write("a/f", "one");
        _tree.Write("b/f", "one");
        var parent = new ModelParent(_tree.Root);
        Func<WatcherHello, WatcherHello> two = hello => hello with
        {
            Subscriptions = [RunningWatcher.Subscribe("a", _tree["a"]), RunningWatcher.Subscribe("b", _tree["b"])],
        };
        await LiveOnceAsync(parent, two);
        await Task.Run(() => File.WriteAllText(_tree.Snapshot, "no log"));

        var watermark = DateTimeOffset.UtcNow.AddMilliseconds(50);
        SpinWait.SpinUntil(() => DateTimeOffset.UtcNow > watermark);
        File.Delete(_tree["b/f"]);
        await LiveOnceAsync(parent, hello => two(hello) with { Baseline = new WatchBaseline(parent.Applied, watermark) });

        var told = parent.Batches.Single().Services.Single();
        told.Service.Should().Be("b");
        told.LostTrack.Should().BeTrue();

        parent.Forget();
        await LiveOnceAsync(parent, two);
        parent.Batches.Should().BeEmpty();
    }

    [Fact]
    public async Task At_the_first_start_only_files_newer_than_the_watermark_are_reported()
    {
        _tree.Write("old", "one");
        var watermark = DateTimeOffset.UtcNow.AddMilliseconds(50);

        // The kernel's clock for files is behind by up to 10 ms.
        SpinWait.SpinUntil(() => DateTimeOffset.UtcNow > watermark + EventWatermark.CoarseClock);
        _tree.Write("new", "one");
        var parent = new ModelParent(_tree.Root);

        await LiveOnceAsync(parent, hello => hello with { Baseline = new WatchBaseline(null, watermark) });

        parent.Names.Should().Equal(_tree["new"]);
    }

    [Fact]
    public async Task Events_lost_to_a_full_buffer_are_recovered_by_a_recrawl()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent, new SourceLimits(BufferedBytes: 256));
        await watcher.FlushAsync();

        for (var i = 0; i < 2_000; i++)
            _tree.Write($"{i % 50}/{i}", "content");

        await watcher.FlushAsync();

        parent.Model.Should().Equal(_tree.Read());
        parent.Beats.Should().Contain(beat => beat.Phase == WatcherPhase.Recovering);
    }

    [Fact]
    public async Task Directories_beyond_the_limit_of_watches_are_polled_and_one_warning_says_how_to_raise_it()
    {
        for (var i = 0; i < 50; i++)
            _tree.Write($"{i}/f", "one");

        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent, new SourceLimits { Watches = 10 });
        await watcher.FlushAsync();

        for (var i = 0; i < 50; i++)
            _tree.Write($"{i}/f", "two");

        await parent.ReportedAsync([.. Enumerable.Range(0, 50).Select(i => _tree[$"{i}/f"])]);
        parent.Warnings.Should().ContainSingle().Which.Should().Contain("max_user_watches");
    }

    [Theory]
    [InlineData(WatchBackend.Poll, false)]
    [InlineData(WatchBackend.Auto, true)]
    public async Task Polling_reports_the_same(WatchBackend backend, bool degraded)
    {
        _tree.Write("a/f", "one");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(
            _tree, parent, with: hello => hello with { Degraded = degraded, Settings = hello.Settings with { Backend = backend } });
        await watcher.FlushAsync();

        _tree.Write("a/f", "two");
        _tree.Write("b/c/d", "one");
        await parent.ReportedAsync(_tree["a/f"], _tree["b/c/d"]);

        Directory.Delete(_tree["b"], recursive: true);
        await watcher.FlushAsync();
        parent.Model.Should().Equal(_tree.Read());
        parent.Beats.Last().Backend.Should().Be("poll");
    }

    [Fact]
    public async Task Without_an_inotify_instance_it_polls_and_warns()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent, new SourceLimits { Instances = 0 });
        await watcher.FlushAsync();

        _tree.Write("f", "one");
        await parent.ReportedAsync(_tree["f"]);

        parent.Warnings.Should().ContainSingle().Which.Should().Contain("max_user_instances");
    }

    [Fact]
    public async Task An_inotify_instance_that_becomes_free_is_used_after_a_while()
    {
        var parent = new ModelParent(_tree.Root);
        var limits = new SourceLimits { Instances = 0, RetryPause = TimeSpan.FromMilliseconds(200) };
        await using var watcher = RunningWatcher.Start(_tree, parent, limits);
        await parent.CaughtUpAsync(beat => beat is { Phase: WatcherPhase.Watching, Backend: "poll" });

        limits.Instances = 1;
        await parent.CaughtUpAsync(beat => beat is { Phase: WatcherPhase.Watching, Backend: "inotify" });
        _tree.Write("f", "one");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["f"]);
    }

    [Fact]
    public async Task A_drained_watcher_has_delivered_what_was_settled()
    {
        var parent = new ModelParent(_tree.Root);
        var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();
        _tree.Write("f", "one");
        await parent.ReportedAsync(_tree["f"]);

        (await watcher.DrainAsync()).Should().Be((int)ExitCode.Ok);

        await watcher.DisposeAsync();
        parent.Model.Should().Equal(_tree.Read());
    }

    public void Dispose() => _tree.Dispose();

    private ulong HashInLog(RunningWatcher watcher, ModelParent parent)
    {
        var state = new StateDictionary();
        ChangeLog.Load(_tree.Snapshot, watcher.RulesHash, Cursor.TryParse(parent.Applied, out var applied) ? applied : default, state);
        return state.TryGetValue(_tree["f"], out var file) ? file.ContentHash : 0;
    }

    private async Task LiveOnceAsync(ModelParent parent, Func<WatcherHello, WatcherHello>? with = null)
    {
        await using var watcher = RunningWatcher.Start(_tree, parent, with: with);
        await watcher.FlushAsync();
    }
}
