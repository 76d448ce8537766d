
namespace Supervisor.Unit.Watcher.Crawling;

public sealed class RootSpecs : IDisposable
{
    private readonly WatchedTree _tree = new();

    [Fact]
    public async Task A_root_deleted_and_recreated_is_still_watched()
    {
        _tree.Write("f", "one");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();

        Directory.Delete(_tree.Root, recursive: true);
        await watcher.FlushAsync();
        parent.Model.Should().BeEmpty();

        _tree.Write("f", "two");
        await watcher.FlushAsync();
        _tree.Write("f", "three");
        await watcher.FlushAsync();
        parent.Model.Should().Equal(_tree.Read());
    }

    [Fact]
    public async Task A_root_that_does_not_exist_yet_is_waited_for()
    {
        var parent = new ModelParent(_tree["far/away"]);
        await using var watcher = RunningWatcher.Start(_tree, parent, with: Watch(_tree["far/away"]));
        await watcher.FlushAsync();

        _tree.Write("far/away/f", "content");

        await parent.ReportedAsync(_tree["far/away/f"]);
    }

    [Fact]
    public async Task A_root_may_be_a_single_file_whose_neighbours_do_not_matter()
    {
        _tree.Write("settings.toml", "one");
        var parent = new ModelParent(_tree.Outside);
        await using var watcher = RunningWatcher.Start(_tree, parent, with: Watch(_tree["settings.toml"]));
        await watcher.FlushAsync();

        _tree.Write("neighbour.toml", "one");
        _tree.Write("settings.toml", "two");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["settings.toml"]);
    }

    [Fact]
    public async Task A_root_several_folders_deep_in_an_ignored_one_is_watched()
    {
        _tree.Write("node_modules/x/src/app/f", "one");
        _tree.Write("node_modules/x/f", "one");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent, with: hello => hello with
        {
            Subscriptions = [RunningWatcher.Subscribe("all", _tree.Root), RunningWatcher.Subscribe("app", _tree["node_modules/x/src/app"])],
        });
        await watcher.FlushAsync();

        foreach (var folder in new[] { "node_modules/x", "node_modules/x/src", "node_modules/x/src/app", "node_modules/x/src/app/new" })
            _tree.Write($"{folder}/f", "two");

        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["node_modules/x/src/app/f"], _tree["node_modules/x/src/app/new/f"]);
    }

    [Fact]
    public async Task A_root_may_be_a_link_to_a_directory()
    {
        Directory.CreateDirectory(Path.Combine(_tree.Outside, "v1"));
        Directory.CreateSymbolicLink(_tree["current"], Path.Combine(_tree.Outside, "v1"));
        var parent = new ModelParent(_tree["current"]);
        await using var watcher = RunningWatcher.Start(_tree, parent, with: Watch(_tree["current"]));
        await watcher.FlushAsync();

        await File.WriteAllTextAsync(Path.Combine(_tree.Outside, "v1/f"), "content");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["current/f"]);
    }

    [Fact]
    public async Task A_change_behind_a_link_as_root_is_reported_without_a_watch_on_its_directory()
    {
        var target = Path.Combine(_tree.Outside, "settings.dev");
        await File.WriteAllTextAsync(target, "one");
        File.CreateSymbolicLink(_tree["settings"], target);
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent, with: Watch(_tree["settings"]));
        await watcher.FlushAsync();

        await File.WriteAllTextAsync(target, "two");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["settings"]);

        parent.Forget();
        await File.WriteAllTextAsync(target, "three");
        await parent.ReportedAsync(_tree["settings"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_root_deleted_while_the_log_was_lost_is_reported_as_lost_track(bool isPipeNow)
    {
        _tree.Write("site/f", "one");
        var parent = new ModelParent(_tree["site"]);
        var watcher = RunningWatcher.Start(_tree, parent, with: Watch(_tree["site"]));
        await watcher.FlushAsync();
        await watcher.DisposeAsync();

        Directory.Delete(_tree["site"], recursive: true);
        File.Delete(_tree.Snapshot);

        if (isPipeNow)
            _tree.Run("mkfifo", "site");

        await using var next = RunningWatcher.Start(_tree, parent, with: Watch(_tree["site"]));
        await next.FlushAsync();

        parent.Model.Should().BeEmpty();
    }

    [Fact]
    public async Task Nested_roots_report_each_change_once_per_service()
    {
        _tree.Write("site/f", "one");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent, with: Watch(_tree.Root, _tree["site"]));
        await watcher.FlushAsync();

        _tree.Write("site/f", "two");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["site/f"]);
    }

    [Fact]
    public async Task A_root_inside_an_ignored_directory_is_watched()
    {
        _tree.Write("node_modules/mine/f", "one");
        _tree.Write("node_modules/other/f", "one");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent, with: Watch(_tree.Root, _tree["node_modules/mine"]));
        await watcher.FlushAsync();

        _tree.Write("node_modules/mine/f", "two");
        _tree.Write("node_modules/other/f", "two");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["node_modules/mine/f"]);
    }

    [Fact]
    public async Task An_ignored_directory_costs_no_watch()
    {
        for (var i = 0; i < 200; i++)
            _tree.Write($"node_modules/{i}/f", "content");

        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();

        parent.Beats.Last().Directories.Should().BeLessThan(5);
    }

    public void Dispose() => _tree.Dispose();

    private static Func<WatcherHello, WatcherHello> Watch(params string[] paths) =>
        hello => hello with { Subscriptions = [RunningWatcher.Subscribe("web", paths)] };
}
