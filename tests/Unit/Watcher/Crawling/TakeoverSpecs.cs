using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>One watcher takes the place of another without a moment in which nobody watches: nothing is lost, and nothing is told that did not happen.
/// At random moments of hostile histories: <see cref="Model.ModelSpecs"/>.</summary>
public sealed class TakeoverSpecs : IDisposable
{
    private const int Files = 200;

    private readonly WatchedTree _tree = new();

    [Fact]
    public async Task A_standby_sends_nothing_and_leaves_the_log_alone()
    {
        var parent = new ModelParent(_tree.Root);
        await using var standby = RunningWatcher.StandBy(_tree, parent);
        await standby.ArmedAsync();

        _tree.Write("a.py", "new");
        await standby.PingAsync();

        parent.AllBatches.Should().BeEmpty();
        File.Exists(_tree.Snapshot).Should().BeFalse();
        parent.Beats.Should().OnlyContain(beat => beat.ToldUntil == null, "it has told nothing");
    }

    [Fact]
    public async Task A_takeover_without_changes_reports_nothing()
    {
        WriteFiles("first");
        var parent = new ModelParent(_tree.Root);
        await using var old = RunningWatcher.Start(_tree, parent);
        await old.FlushAsync();
        WriteFiles("second");
        await old.FlushAsync();
        await using var standby = RunningWatcher.StandBy(_tree, parent);
        await standby.ArmedAsync();
        File.Delete(_tree["0.py"]);
        await old.FlushAsync();
        parent.Forget();

        await TakeOverAsync(old, standby);

        parent.Batches.Should().BeEmpty();
    }

    [Fact]
    public async Task Watches_that_the_kernel_refused_beside_the_old_watcher_are_added_after_it_is_gone()
    {
        for (var i = 0; i < 20; i++)
            _tree.Write($"d{i}/f.py", "first");

        var parent = new ModelParent(_tree.Root);
        await using var old = RunningWatcher.Start(_tree, parent);
        await old.FlushAsync();
        var limits = new SourceLimits { Watches = 3 };
        await using var standby = RunningWatcher.StandBy(_tree, parent, limits);
        await standby.ArmedAsync();
        await old.DrainAsync();

        limits.Watches = int.MaxValue;
        parent.Beats.Clear();
        await standby.TakeOverAsync();
        await standby.FlushAsync();

        await parent.CaughtUpAsync(beat => beat.Backend == "inotify");
        parent.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task A_save_while_no_watcher_was_active_is_reported_by_the_standby()
    {
        WriteFiles("first");
        Directory.CreateDirectory(_tree["was a folder"]);
        _tree.Write("was a folder/in it.py", "");
        var parent = new ModelParent(_tree.Root);
        await using var old = RunningWatcher.Start(_tree, parent);
        await old.FlushAsync();
        await using var standby = RunningWatcher.StandBy(_tree, parent);
        await standby.ArmedAsync();
        await old.DrainAsync();
        parent.Forget();

        _tree.Write("1.py", "changed");
        _tree.Write("new/folder/new.py", "");
        File.Delete(_tree["2.py"]);
        Directory.Delete(_tree["was a folder"], recursive: true);
        _tree.Write("was a folder", "and is a file");
        await standby.TakeOverAsync();
        await standby.FlushAsync();

        parent.Names.Should().BeEquivalentTo(
            _tree["1.py"], _tree["2.py"], _tree["new/folder/new.py"], _tree["was a folder"], _tree["was a folder/in it.py"]);
        parent.Model.Should().BeEquivalentTo(_tree.Read());
    }

    [Fact]
    public async Task A_file_that_changed_and_changed_back_between_two_watchers_is_reported_as_a_span_or_a_change()
    {
        WriteFiles("first");
        var parent = new ModelParent(_tree.Root);
        await using var old = RunningWatcher.Start(_tree, parent);
        await old.FlushAsync();
        WriteFiles("again");
        await old.FlushAsync();
        await using var standby = RunningWatcher.StandBy(_tree, parent);
        await standby.ArmedAsync();
        await old.DrainAsync();
        parent.Forget();

        var before = DateTimeOffset.UtcNow;
        _tree.Write("1.py", "other");
        await standby.PingAsync();
        var stillOtherwise = DateTimeOffset.UtcNow;
        _tree.Write("1.py", "again");
        await standby.TakeOverAsync();
        await standby.FlushAsync();

        // Who looks at it within its clock's tick cannot know that it is the same again, and says so.
        if (!parent.Names.Any())
            parent.Unseen.Should().ContainSingle().Which.Should().Match<UnseenSpan>(span => span.Since <= before && span.Until >= stillOtherwise);

        parent.Names.Where(name => name != _tree["1.py"]).Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_with_new_content_and_restored_times_is_reported()
    {
        await using var watchers = await StandingByAsync();
        var (parent, old, standby) = watchers;
        var written = File.GetLastWriteTimeUtc(_tree["1.py"]);
        await old.DrainAsync();

        _tree.Write("1.py", "other");
        File.SetLastWriteTimeUtc(_tree["1.py"], written);
        await standby.TakeOverAsync();
        await standby.FlushAsync();

        parent.Model.Should().BeEquivalentTo(_tree.Read());
    }

    [Fact]
    public async Task A_torn_log_at_takeover_means_lost_track()
    {
        await using var watchers = await StandingByAsync();
        var (parent, old, standby) = watchers;
        await old.DrainAsync();
        parent.Forget();

        await File.WriteAllTextAsync(_tree.Snapshot, "no log", CancellationToken.None);
        _tree.Write("1.py", "saved then");
        await standby.TakeOverAsync();
        await standby.FlushAsync();

        // What was heard of and not yet looked at by then is told by its name.
        parent.Batches.SelectMany(batch => batch.Services).Should().Contain(service => service.LostTrack || service.Files.Contains(_tree["1.py"]));
        parent.Model.Should().BeEquivalentTo(_tree.Read());
    }

    [Fact]
    public async Task A_file_that_is_removed_between_two_watchers_means_lost_track_if_the_log_is_torn()
    {
        await using var watchers = await StandingByAsync();
        var (parent, old, standby) = watchers;

        // Longer ago than the coarse clock of file times: nothing but the event shows that something has gone.
        var armed = DateTimeOffset.UtcNow + EventWatermark.CoarseClock;
        await parent.CaughtUpAsync(beat => beat.ToldUntil > armed);
        await old.DrainAsync();
        await Task.Delay(3 * EventWatermark.CoarseClock);
        await standby.PingAsync();
        parent.Forget();

        File.Delete(_tree["1.py"]);
        await standby.PingAsync();
        await File.WriteAllTextAsync(_tree.Snapshot, "no log", CancellationToken.None);
        await standby.TakeOverAsync();
        await standby.FlushAsync();

        parent.Batches.SelectMany(batch => batch.Services).Should().Contain(service => service.LostTrack || service.Files.Contains(_tree["1.py"]));
    }

    [Fact]
    public async Task A_standby_that_is_still_crawling_takes_over_when_its_crawl_ends()
    {
        WriteFiles("first");
        var parent = new ModelParent(_tree.Root);
        var old = RunningWatcher.Start(_tree, parent);
        await old.FlushAsync();
        await old.DisposeAsync();
        _tree.Write("1.py", "saved then");

        await using var standby = RunningWatcher.StandBy(_tree, parent);
        await standby.TakeOverAsync();
        await standby.FlushAsync();

        parent.Names.Should().Contain(_tree["1.py"]);
        parent.Model.Should().BeEquivalentTo(_tree.Read());
    }

    public void Dispose() => _tree.Dispose();

    private async Task<Watchers> StandingByAsync()
    {
        WriteFiles("first");
        var parent = new ModelParent(_tree.Root);
        var old = RunningWatcher.Start(_tree, parent);
        await old.FlushAsync();
        var standby = RunningWatcher.StandBy(_tree, parent);
        await standby.ArmedAsync();
        return new Watchers(parent, old, standby);
    }

    private static async Task TakeOverAsync(RunningWatcher old, RunningWatcher standby)
    {
        await old.DrainAsync();
        await standby.TakeOverAsync();
        await standby.FlushAsync();
    }

    private void WriteFiles(string content)
    {
        for (var i = 0; i < Files; i++)
            _tree.Write($"{i}.py", content);
    }

    /// <summary>One that has told everything, and one that can take its place.</summary>
    private sealed record Watchers(ModelParent Parent, RunningWatcher Old, RunningWatcher Standby) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Standby.DisposeAsync();
            await Old.DisposeAsync();
        }
    }
}
