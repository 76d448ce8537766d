using System.Diagnostics;
using System.Text.Json;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A stopped watcher, and a kernel queue that overflows meanwhile: shown by the counters only.</summary>
public sealed class StandstillSpecs
{
    private static readonly TimeSpan StopDuration = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_watcher_that_was_stopped_for_seconds_reads_everything_again_once_and_reports_changes_saved_meanwhile()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        var watcher = await StartAsync(tree, app);

        await StopForAWhileAsync(watcher, () => app.Save("page.txt", "saved while it was stopped"));
        (await tree.RunAsync("flush")).ExitCode.Should().Be((int)ExitCode.Ok);

        (await app.ServedAsync()).Should().Be(app.OnDisk());
        var after = await CountedAsync(tree, counts => counts.Gap > 0);
        after.Should().BeEquivalentTo(new { Pid = watcher, Restarts = 0, Resyncs = ResyncCounts.None with { Gap = 1 } });
        using var json = JsonDocument.Parse((await tree.RunAsync("status", "--json")).Output);
        json.RootElement.GetProperty("watcher").GetProperty("resyncs").GetProperty("gap").GetInt32().Should().Be(1);
        (await tree.RunAsync("status")).Output.Should().Contain("read everything again: 1 after a standstill");
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task An_overflow_of_the_kernels_queue_loses_nothing_and_is_counted()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        var watcher = await StartAsync(tree, app);

        // Four events per round, none of which is merged with another; the files are not sources, but use the queue all the same. A third more than
        // the queue holds: a watcher that did not run for 2 s reads everything again for that reason already.
        const string Rename = "import os, sys\nos.chdir(sys.argv[1])\nfor i in range(int(sys.argv[2]) // 3): os.rename('0.o', '1.o'); os.rename('1.o', '0.o')";
        var queue = await File.ReadAllTextAsync("/proc/sys/fs/inotify/max_queued_events");
        var began = Stopwatch.GetTimestamp();
        Kill.Send(watcher, "STOP");

        (await tree.RunOtherAsync("/usr/bin/python3", "-c", Rename, Path.Combine(app.Folder, "build"), queue.Trim())).ExitCode.Should().Be(0);
        app.Save("page.txt", "saved when the queue was full");
        Kill.Send(watcher, "CONT");
        Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromSeconds(9), "a watcher that is silent for longer is replaced; another test covers that");
        (await tree.RunAsync("flush")).ExitCode.Should().Be((int)ExitCode.Ok);

        (await app.ServedAsync()).Should().Be(app.OnDisk());
        var after = await CountedAsync(tree, counts => counts.KernelOverflow > 0);
        after.Should().BeEquivalentTo(new { Pid = watcher, Restarts = 0 });
        after.Resyncs.KernelOverflow.Should().Be(1);
    }

    private static async Task<int> StartAsync(TestTree tree, TestService app)
    {
        app.Save("page.txt", "first");
        app.Save("build/0.o", "");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        return (await control.WaitForAsync(board => board.Watcher.State == WatcherPhase.Watching, "the watcher is watching")).Watcher.Pid!.Value;
    }

    /// <summary>The length matters for this test: shorter than what a parent takes for a hang.</summary>
    private static async Task StopForAWhileAsync(int pid, Action meanwhile)
    {
        Kill.Send(pid, "STOP");
        meanwhile();
        await Task.Delay(StopDuration, CancellationToken.None);
        Kill.Send(pid, "CONT");
    }

    private static async Task<WatcherStatus> CountedAsync(TestTree tree, Predicate<ResyncCounts> counted)
    {
        await using var control = await tree.ConnectAsync();
        return (await control.WaitForAsync(
            board => board.Watcher.State == WatcherPhase.Watching && counted(board.Watcher.Resyncs), "it is counted")).Watcher;
    }
}
