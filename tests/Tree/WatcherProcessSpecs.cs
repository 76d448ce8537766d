using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>The watcher executable alone, as the parent uses it.</summary>
public sealed class WatcherProcessSpecs
{
    [NeedsFact("/usr/bin/python3")]
    public async Task Saved_changes_are_reported_by_the_watcher_and_by_the_next_one()
    {
        await using var folder = WatchedFolder.Create();
        folder.Write("f.py", "one");
        var parent = await TestParent.BeginAsync(folder);

        await using (var watcher = await WatcherProcess.StartAsync(folder, parent))
        {
            await watcher.FlushAsync();
            folder.Write("f.py", "two");
            await parent.ReportedAsync(folder["f.py"]);
            await watcher.KillAsync();
        }

        folder.Write("g.py", "one");
        await using var next = await WatcherProcess.StartAsync(folder, parent);
        await next.FlushAsync();

        parent.Names.Distinct(StringComparer.Ordinal).Should().Equal(folder["f.py"], folder["g.py"]);
        parent.Known.Should().Equal(DiskContent.Read(folder.Root));
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_drained_watcher_exits_with_0()
    {
        await using var folder = WatchedFolder.Create();
        var parent = await TestParent.BeginAsync(folder);
        await using var watcher = await WatcherProcess.StartAsync(folder, parent);
        await watcher.FlushAsync();

        (await watcher.DrainAsync()).Should().Be(0);
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_watcher_whose_parent_died_before_it_began_waits_for_nobody()
    {
        await using var folder = WatchedFolder.Create();

        // No process has this number.
        var ended = await WatcherProcess.RunOrphanedAsync(folder, parent: 4_194_304);

        ended.ExitCode.Should().Be((int)ExitCode.Failed, "{0}", ended);
        folder.ReadLogs().Should().NotContain("waits for its parent");
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_watcher_exits_when_its_parent_dies_even_if_the_link_stays_open()
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
