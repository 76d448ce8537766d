using System.Text;

namespace Supervisor.Unit.Watcher.Crawling;

public sealed class SavedFileSpecs : IDisposable
{
    private readonly WatchedTree _tree = new();

    public SavedFileSpecs() => _tree.Write("f.py", "one");

    [Fact]
    public async Task A_saved_file_is_reported_once()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        _tree.Write("f.py", "two");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["f.py"]);
        parent.Model.Should().Equal(_tree.Read());
    }

    [Fact]
    public async Task A_save_reaches_the_parent_without_a_flush()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        _tree.Write("f.py", "two");

        await parent.ReportedAsync(_tree["f.py"]);
    }

    [Fact]
    public async Task An_atomic_save_is_one_modification_of_the_file_alone()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        _tree.Write(".f.py.12345", "two");
        File.Move(_tree[".f.py.12345"], _tree["f.py"], overwrite: true);
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["f.py"]);
    }

    [Fact]
    public async Task The_way_vim_saves_is_one_modification_of_the_file_alone()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        _tree.Write("4913", "");
        File.Delete(_tree["4913"]);
        File.Move(_tree["f.py"], _tree["f.py~"]);
        _tree.Write("f.py", "two");
        File.Delete(_tree["f.py~"]);
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["f.py"]);
    }

    [Fact]
    public async Task The_same_bytes_again_are_no_change_once_they_have_been_read()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);
        _tree.Write("f.py", "two");
        await watcher.FlushAsync();
        parent.Forget();

        _tree.Write("f.py", "two");
        File.SetLastWriteTimeUtc(_tree["f.py"], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await watcher.FlushAsync();

        parent.Batches.Should().BeEmpty();
    }

    [Fact]
    public async Task A_touch_counts_where_metadata_is_compared()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent, hello => hello with { Settings = hello.Settings with { Compare = CompareMode.Metadata } });

        File.SetLastWriteTimeUtc(_tree["f.py"], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["f.py"]);
    }

    [Fact]
    public async Task Reading_a_file_is_no_change()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        await File.ReadAllTextAsync(_tree["f.py"]);
        await watcher.FlushAsync();

        parent.Batches.Should().BeEmpty();
    }

    [Fact]
    public async Task A_link_that_leads_nowhere_is_a_change_when_it_is_pointed_elsewhere()
    {
        Directory.CreateSymbolicLink(_tree["up"], _tree.Root);
        File.CreateSymbolicLink(_tree["current"], "v1");
        var parent = new ModelParent(_tree.Outside);
        await using var watcher = await StartAsync(parent);

        File.CreateSymbolicLink(_tree["next"], "v2");
        File.Move(_tree["next"], _tree["current"], overwrite: true);
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["current"]);
    }

    [Fact]
    public async Task A_name_that_is_not_UTF8_is_reported_in_printable_form()
    {
        var parent = new ModelParent(_tree.Outside);
        await using var watcher = await StartAsync(parent);

        _tree.Run("python3", "-c", @"open(b'bad\xff.py', 'w').write('x')");
        await watcher.FlushAsync();
        var told = parent.Names.ToArray();

        // .NET cannot remove it.
        _tree.Run("python3", "-c", @"import os; os.remove(b'bad\xff.py')");
        told.Should().Equal(_tree[@"bad\xff.py"]);
    }

    [Fact]
    public async Task A_pipe_and_a_socket_are_neither_opened_nor_reported()
    {
        var parent = new ModelParent(_tree.Outside);
        await using var watcher = await StartAsync(parent);

        _tree.Run("mkfifo", "pipe");
        await watcher.FlushAsync();

        parent.Names.Should().BeEmpty();
    }

    [Fact]
    public async Task Another_service_gets_nothing()
    {
        _tree.Write("a/f", "one");
        _tree.Write("b/f", "one");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent, hello => hello with
        {
            Subscriptions = [RunningWatcher.Subscribe("a", _tree["a"]), RunningWatcher.Subscribe("b", _tree["b"]), RunningWatcher.Subscribe("all", _tree.Root)],
        });

        _tree.Write("b/f", Encoding.UTF8.GetString([0x62]));
        await watcher.FlushAsync();

        parent.Batches.SelectMany(batch => batch.Services).Select(service => service.Service).Should().BeEquivalentTo(["b", "all"]);
    }

    public void Dispose() => _tree.Dispose();

    private async Task<RunningWatcher> StartAsync(ModelParent parent, Func<WatcherHello, WatcherHello>? with = null)
    {
        var watcher = RunningWatcher.Start(_tree, parent, with: with);
        await watcher.FlushAsync();
        return watcher;
    }
}
