using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>The watcher executable by itself, as its parent meets it.</summary>
public sealed class WatcherProcessSpecs
{
    [NeedsFact("/usr/bin/python3")]
    public async Task What_is_saved_is_told_by_the_watcher_and_by_the_next_one()
    {
        await using var folder = WatchedFolder.Create();
        folder.Write("f.py", "one");
        var parent = await TestParent.BeginAsync(folder);

        await using (var watcher = await WatcherProcess.StartAsync(folder, parent))
        {
            await watcher.FlushAsync();
            folder.Write("f.py", "two");
            await parent.ToldAsync(folder["f.py"]);
            await watcher.KillAsync();
        }

        folder.Write("g.py", "one");
        await using var next = await WatcherProcess.StartAsync(folder, parent);
        await next.FlushAsync();

        parent.Names.Should().Equal(folder["f.py"], folder["g.py"]);
        parent.Known.Should().Equal(DiskContent.Read(folder.Root));
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_watcher_that_is_drained_leaves_with_success()
    {
        await using var folder = WatchedFolder.Create();
        var parent = await TestParent.BeginAsync(folder);
        await using var watcher = await WatcherProcess.StartAsync(folder, parent);
        await watcher.FlushAsync();

        (await watcher.DrainAsync()).Should().Be(0);
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_watcher_whose_parent_dies_with_the_link_still_open_dies_too()
    {
        await using var folder = WatchedFolder.Create();
        var parent = await TestParent.BeginAsync(folder);
        await using var keeper = await WatcherProcess.StartAsync(
            folder, parent, wrapped: ["/usr/bin/python3", "-IS", "-c", "import subprocess, sys; subprocess.call(sys.argv[1:])"]);
        await keeper.FlushAsync();

        await keeper.KillAsync();

        await Wait.UntilAsync(() => TaggedProcesses.Find(folder.Tag).Count == 0, "the watcher is gone");
    }
}
