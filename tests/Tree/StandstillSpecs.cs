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

        // Four events per turn, none of which is merged with another; the files are not sources, but use the queue all the same. A third more than it holds.
        const string Storm = """
            import os, signal, sys
            watcher, queue = int(sys.argv[1]), int(sys.argv[2])
            os.chdir(sys.argv[3])
            os.kill(watcher, signal.SIGSTOP)
            for turn in range(queue // 3): os.rename('build/0.o', 'build/1.o'); os.rename('build/1.o', 'build/0.o')
            with open('page.txt', 'w') as page: page.write('saved when the queue was full, ' + sys.argv[4])
            os.kill(watcher, signal.SIGCONT)
            """;
        var queue = (await File.ReadAllTextAsync("/proc/sys/fs/inotify/max_queued_events")).Trim();
        var (counted, after) = (0, (WatcherStatus?)null);

        // A watcher that did not run for 2 s reads everything again for that reason already: on a busy machine this may come first.
        for (var round = 0; round < 10 && after is not { Resyncs.KernelOverflow: > 0 }; round++)
        {
            (await tree.RunOtherAsync("/usr/bin/python3", "-c", Storm, $"{watcher}", queue, app.Folder, $"{round}")).ExitCode.Should().Be(0);
            (await tree.RunAsync("flush")).ExitCode.Should().Be((int)ExitCode.Ok);
            (await app.ServedAsync()).Should().Be(app.OnDisk());
            after = await CountedAsync(tree, counts => counts.KernelOverflow + counts.Gap > counted);
            counted = after.Resyncs.KernelOverflow + after.Resyncs.Gap;
        }

        after.Should().BeEquivalentTo(new { Pid = watcher, Restarts = 0 });
        after!.Resyncs.KernelOverflow.Should().BePositive();
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
