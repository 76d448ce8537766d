using Supervisor.Filtering;
using Supervisor.Unit.Watcher.Crawling;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Links;
using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Delivery;

/// <summary>When a save that takes half a second becomes a batch: its temporary file alone is none.</summary>
public sealed class AwaitedRenameSpecs : IDisposable
{
    private static readonly FileState File = new(FileKind.File, Mode: 0x1A4, Device: 1, Inode: 1, Size: 3, ModifiedNs: 10, ChangedNs: 10, ContentHash: 7);
    private static readonly FileState Saved = File with { Inode = 2, ModifiedNs = 20, ChangedNs = 20, ContentHash = 8 };

    private readonly WatchedTree _tree = new();
    private readonly Outbox _outbox;
    private readonly string _main;
    private readonly string _temporary;
    private readonly string _elsewhere;

    public AwaitedRenameSpecs()
    {
        var hello = RunningWatcher.Hello(_tree, new ModelParent(_tree.Root)) with
        {
            Subscriptions = [RunningWatcher.Subscribe("a", _tree["a"]), RunningWatcher.Subscribe("b", _tree["b"])],
        };
        _outbox = new Outbox(hello, WatchFilter.Create(hello.Settings, hello.Subscriptions, []), new SourceLimits(), TimeProvider.System);
        (_main, _temporary, _elsewhere) = (_tree["a/main.py"], _tree["a/main.py.tmp.1.2"], _tree["b/page.txt"]);
    }

    [Fact]
    public void A_save_of_half_a_second_is_one_batch_of_the_saved_file_alone()
    {
        Appears(_temporary, at: 0);
        BatchAt(15).Should().BeNull();
        Writes(_temporary, at: 400);
        BatchAt(450).Should().BeNull();

        Vanishes(_temporary, at: 500);
        Saves(_main, at: 500);
        BatchAt(500).Should().BeNull("it is not quiet yet");
        BatchAt(510).Should().Be("a: main.py");
        BatchAt(2_000).Should().BeNull();
    }

    [Fact]
    public void A_temporary_name_that_stays_counts_after_a_second()
    {
        Appears(_temporary, at: 0);

        BatchAt(999).Should().BeNull();
        BatchAt(1_000).Should().Be("a: main.py.tmp.1.2");
    }

    [Fact]
    public void Temporary_files_that_keep_coming_do_not_starve_the_first_one()
    {
        Appears(_tree["a/tmpab12cd34"], at: 0);
        Appears(_tree["a/tmpxy56zw78"], at: 900);

        BatchAt(1_000).Should().Be("a: tmpab12cd34 tmpxy56zw78");
    }

    [Fact]
    public void Somebody_who_waits_gets_the_temporary_file_at_once()
    {
        Appears(_temporary, at: 0);

        BatchAt(1, isHurried: true).Should().Be("a: main.py.tmp.1.2");
    }

    [Fact]
    public void A_save_elsewhere_goes_out_at_once_and_leaves_the_temporary_file_behind()
    {
        Appears(_temporary, at: 0);
        Saves(_elsewhere, at: 100);

        BatchAt(110).Should().Be("b: page.txt");
        BatchAt(999).Should().BeNull();
        _outbox.HasSomething.Should().BeTrue();
        BatchAt(1_000).Should().Be("a: main.py.tmp.1.2");
    }

    [Fact]
    public void A_service_that_is_reloaded_anyway_is_told_of_the_new_file_too()
    {
        Appears(_tree["a/app.js.map"], at: 0);
        Saves(_tree["a/app.js"], at: 1);

        BatchAt(11).Should().Be("a: app.js app.js.map");
        BatchAt(2_000).Should().BeNull();
    }

    [Fact]
    public void A_file_that_was_moved_out_of_the_way_is_not_gone()
    {
        Appears(_temporary, at: 0);
        Vanishes(_main, at: 100);
        BatchAt(300).Should().BeNull();

        Vanishes(_temporary, at: 400);
        Reappears(_main, at: 400);
        BatchAt(410).Should().Be("a: main.py");
    }

    [Fact]
    public void A_file_that_was_moved_aside_and_stays_away_is_gone_after_a_second()
    {
        Vanishes(_main, at: 0);
        Appears(_temporary, at: 0);

        BatchAt(999).Should().BeNull();
        BatchAt(1_000).Should().Be("a: main.py main.py.tmp.1.2");
    }

    [Fact]
    public void The_saved_file_is_looked_at_before_it_is_told_to_be_gone()
    {
        Appears(_temporary, at: 0);
        Vanishes(_main, at: 100);
        BatchAt(300).Should().BeNull();
        Vanishes(_temporary, at: 400);

        _outbox.HasDue(Ms(480), unlooked: 1, isHurried: false, out _).Should().BeFalse();
        Reappears(_main, at: 480);
        BatchAt(490).Should().Be("a: main.py");
    }

    [Fact]
    public void A_removal_is_not_put_off_again_and_again()
    {
        Appears(_tree["a/tmpab12cd34"], at: 0);
        Vanishes(_main, at: 10);
        Vanishes(_tree["a/tmpab12cd34"], at: 900);
        Appears(_tree["a/tmpxy56zw78"], at: 900);

        BatchAt(1_010).Should().Be("a: main.py tmpxy56zw78");
    }

    [Fact]
    public void A_removal_with_nothing_to_take_its_place_does_not_wait()
    {
        Vanishes(_main, at: 0);

        BatchAt(10).Should().Be("a: main.py");
    }

    [Fact]
    public void A_storm_does_not_wait()
    {
        for (var file = 0; file < 300; file++)
            Appears(_tree[$"a/tmp{file:x8}"], at: 0);

        BatchAt(50).Should().Contain("tmp00000000").And.Contain("tmp00000063");
    }

    public void Dispose()
    {
        _outbox.Dispose();
        _tree.Dispose();
    }

    private void Appears(string path, int at) => Halves(path, null, File, at);

    private void Vanishes(string path, int at) => Halves(path, File, null, at);

    private void Reappears(string path, int at) => _outbox.Record(path, null, Saved, Ms(at));

    private void Writes(string path, int at) => _outbox.Record(path, File, Saved, Ms(at));

    private void Saves(string path, int at) => _outbox.Record(path, File, Saved, Ms(at));

    private void Halves(string path, FileState? before, FileState? after, int at)
    {
        _outbox.AwaitRename(path, Ms(at));
        _outbox.Record(path, before, after, Ms(at));
    }

    /// <summary>Service and file names; null: none is due.</summary>
    private string? BatchAt(int at, bool isHurried = false)
    {
        if (!_outbox.HasDue(Ms(at), unlooked: 0, isHurried, out _))
            return null;

        var change = _outbox.Take(tree: null!, Ms(at), unlooked: 0, isHurried)!.Services.Single();
        return $"{change.Service}: {string.Join(' ', change.Files.Select(Path.GetFileName))}";
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
