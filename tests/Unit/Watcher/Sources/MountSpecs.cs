using Supervisor.Tree.Harness;
using Supervisor.Unit.Watcher.Crawling;
using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Sources;

/// <summary>Real file systems, mounted beneath, at and over what is watched.</summary>
public sealed class MountSpecs : IDisposable
{
    private readonly WatchedTree _tree = new();

    [MountingFact("bindfs")]
    public async Task Changes_behind_a_FUSE_mount_are_found_by_polling()
    {
        _tree.Write("local", "one");
        File.WriteAllText(Path.Combine(_tree.Outside, "f"), "one");
        using var mounted = MountedFolder.Bindfs(_tree.Outside, _tree["data"]);
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        await File.WriteAllTextAsync(Path.Combine(_tree.Outside, "f"), "changed behind its back");
        await File.WriteAllTextAsync(Path.Combine(_tree.Outside, "new"), "made behind its back");
        await parent.ReportedAsync(_tree["data/f"], _tree["data/new"]);

        _tree.Write("local", "two");
        await parent.ReportedAsync(_tree["local"]);
        parent.Beats.Last().Backend.Should().Be("inotify+poll");
        parent.Beats.Last().Roots.Should().ContainSingle().Which.Reason.Should().Contain(_tree["data"]).And.Contain("fuse");
    }

    [MountingFact("bindfs")]
    public async Task A_watch_path_on_a_FUSE_mount_is_polled_as_a_whole()
    {
        File.WriteAllText(Path.Combine(_tree.Outside, "f"), "one");
        using var mounted = MountedFolder.Bindfs(_tree.Outside, _tree.Root);
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        await File.WriteAllTextAsync(Path.Combine(_tree.Outside, "f"), "changed behind its back");
        await parent.ReportedAsync(_tree["f"]);

        Directory.CreateDirectory(Path.Combine(_tree.Outside, "a/b"));
        await File.WriteAllTextAsync(Path.Combine(_tree.Outside, "a/b/g"), "two");
        await watcher.FlushAsync();

        parent.Model.Should().Equal(_tree.Read());
        parent.Beats.Last().Roots.Should().ContainSingle().Which.Should().Match<RootStatus>(root => root.Backend == "poll" && root.Reason!.Contains("fuse"));
    }

    [MountingFact("bindfs")]
    public async Task A_configured_inotify_backend_is_used_on_a_FUSE_mount_too()
    {
        using var mounted = MountedFolder.Bindfs(_tree.Outside, _tree.Root);
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(
            parent, with: hello => hello with { Settings = hello.Settings with { Backend = WatchBackend.Inotify } });

        _tree.Write("f", "one");
        await parent.ReportedAsync(_tree["f"]);

        parent.Beats.Last().Backend.Should().Be("inotify");
        parent.Names.Should().Equal([_tree["f"]], "nobody is told of probe files");
    }

    [MountingFact]
    public async Task A_mount_over_a_directory_replaces_it_until_the_unmount()
    {
        _tree.Write("data/beneath", "one");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        using (MountedFolder.Mount(_tree["data"], "-t", "tmpfs", "none"))
        {
            await parent.ReportedAsync(_tree["data/beneath"]);
            _tree.Write("data/above", "two");
            await parent.ReportedAsync(_tree["data/above"]);
            parent.Model.Should().Equal(_tree.Read());
            parent.Forget();
        }

        await parent.ReportedAsync(_tree["data/above"], _tree["data/beneath"]);
        _tree.Write("data/beneath", "three");
        await watcher.FlushAsync();

        parent.Model.Should().Equal(_tree.Read());
        await Eventually.BeAsync(() => parent.Beats.Last().Resyncs!.Mounts >= 2);
    }

    [MountingFact]
    public async Task A_flush_sees_a_mount_made_a_moment_ago()
    {
        Directory.CreateDirectory(Path.Combine(_tree.Outside, "v2"));
        await File.WriteAllTextAsync(Path.Combine(_tree.Outside, "v2/f"), "two");
        _tree.Write("data/f", "one");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        using var mounted = MountedFolder.Mount(_tree["data"], "--bind", Path.Combine(_tree.Outside, "v2"));
        await watcher.FlushAsync();

        parent.Model.Should().Equal(_tree.Read());
    }

    [MountingFact]
    public async Task A_watch_path_may_be_a_bind_mount_or_a_link_to_one()
    {
        Directory.CreateDirectory(Path.Combine(_tree.Outside, "real"));
        using var mounted = MountedFolder.Mount(_tree["bound"], "--bind", Path.Combine(_tree.Outside, "real"));
        Directory.CreateSymbolicLink(_tree["link"], _tree["bound"]);
        var parent = new ModelParent(_tree["link"]);
        await using var watcher = await StartAsync(parent, with: Watch(_tree["link"]));

        await File.WriteAllTextAsync(Path.Combine(_tree.Outside, "real/f"), "one");
        await parent.ReportedAsync(_tree["link/f"]);

        mounted.Unmount();
        await watcher.FlushAsync();
        parent.Model.Should().BeEmpty();
    }

    [MountingFact]
    public async Task A_folder_visible_at_two_paths_is_reported_at_both()
    {
        _tree.Write("a/f", "one");
        using var mounted = MountedFolder.Mount(_tree["b"], "--bind", _tree["a"]);
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        _tree.Write("a/f", "two");
        await parent.ReportedAsync(_tree["a/f"], _tree["b/f"]);

        parent.Model.Should().Equal(_tree.Read());
    }

    [MountingFact]
    public async Task The_first_write_to_a_file_of_a_lower_layer_is_one_modification()
    {
        var (lower, upper, work) = (Path.Combine(_tree.Outside, "lower"), Path.Combine(_tree.Outside, "upper"), Path.Combine(_tree.Outside, "work"));
        Directory.CreateDirectory(Path.Combine(lower, "deep"));
        Directory.CreateDirectory(upper);
        Directory.CreateDirectory(work);
        await File.WriteAllTextAsync(Path.Combine(lower, "deep/f"), "one");
        using var mounted = MountedFolder.Mount(_tree["merged"], "-t", "overlay", "overlay", "-o", $"lowerdir={lower},upperdir={upper},workdir={work}");
        var parent = new ModelParent(_tree["merged"]);
        await using var watcher = await StartAsync(parent, with: Watch(_tree["merged"]));

        _tree.Write("merged/deep/f", "two");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["merged/deep/f"]);
        parent.Beats.Last().Backend.Should().Be("inotify");
    }

    [MountingFact]
    public async Task An_unknown_file_system_is_probed_and_the_probe_file_is_not_reported()
    {
        using var mounted = MountedFolder.Mount(_tree.Root, "-t", "ramfs", "none");
        _tree.Write("f", "one");
        Directory.CreateDirectory(_tree[".git"]);
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        _tree.Write("f", "two");
        await watcher.FlushAsync();
        await Eventually.BeAsync(() => parent.Beats.Last().Phase == WatcherPhase.Watching);

        parent.Names.Should().Equal(_tree["f"]);
        parent.Beats.Last().Roots.Should().Equal(new RootStatus(_tree.Root, "inotify", Reason: null));
        Directory.GetFiles(_tree[".git"]).Should().BeEmpty();
    }

    [MountingFact]
    public async Task A_probe_that_cannot_be_made_is_reported()
    {
        using var mounted = MountedFolder.Mount(_tree.Root, "-t", "ramfs", "none");
        _tree.Write("f", "one");
        mounted.Remount("ro");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        await Eventually.BeAsync(() => parent.Beats.Last().Roots!.Single().Reason is not null);

        parent.Beats.Last().Roots.Should().ContainSingle().Which.Should().Match<RootStatus>(root =>
            root.Backend == "inotify" && root.Reason!.Contains("ramfs: trusted without a probe"));
    }

    public void Dispose() => _tree.Dispose();

    private async Task<RunningWatcher> StartAsync(ModelParent parent, SourceLimits? limits = null, Func<WatcherHello, WatcherHello>? with = null)
    {
        var watcher = RunningWatcher.Start(_tree, parent, limits, with);
        await watcher.FlushAsync();
        parent.Forget();
        return watcher;
    }

    private static Func<WatcherHello, WatcherHello> Watch(params string[] paths) =>
        hello => hello with { Subscriptions = [RunningWatcher.Subscribe("web", paths)] };
}
