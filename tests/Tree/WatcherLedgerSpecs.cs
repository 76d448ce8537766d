using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>The ledger of the watcher has the cause of each of its ends.</summary>
public sealed class WatcherLedgerSpecs
{
    [Fact]
    public async Task Why_lists_each_end_of_the_watcher_with_its_cause()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        var first = await WatchingAsync(tree, other: null);

        await Kill.UntilDeadAsync(first, "ABRT");
        var second = await WatchingAsync(tree, first);
        (await tree.RunAsync("restart", "watcher")).ExitCode.Should().Be((int)ExitCode.Ok);
        var third = await WatchingAsync(tree, second);
        Kill.Send(third, "STOP");
        var fourth = await WatchingAsync(tree, third);
        await Kill.UntilDeadAsync((await tree.StatusAsync()).Tree.ParentPid, "KILL");
        await Wait.UntilAsync(() => !TaggedProcesses.IsAlive(fourth), "a watcher does not outlive its parent");
        (await tree.RunAsync("start", "-d")).ExitCode.Should().Be((int)ExitCode.Ok);
        var fifth = await WatchingAsync(tree, fourth);

        await using var control = await tree.ConnectAsync();
        var ledger = await control.CallAsync(it => it.WhyAsync("watcher"));
        ledger.Entries.Select(entry => (entry.Event, entry.Cause, entry.Pid, entry.Exit?.Signal)).Should().Equal(
            ("started", "autostart", first, null),
            ("failed", "crash", first, "SIGABRT"),
            ("started", "crash", second, null),
            ("stopped", "manual", second, null),
            ("started", "manual", third, null),
            ("failed", "hung", third, "SIGKILL"),
            ("started", "hung", fourth, null),
            ("stopped", "parent", fourth, null),
            ("started", "parent", fifth, null));
        ledger.Entries.Select(entry => entry.Generation).Should().BeInAscendingOrder();
        (await tree.RunAsync("why", "watcher")).Output.Should().Contain("crash; ended with SIGABRT").And.Contain("hung; ended with SIGKILL");
    }

    private static async Task<int> WatchingAsync(TestTree tree, int? other)
    {
        await using var control = await tree.ConnectAsync();
        var board = await control.WaitForAsync(
            board => board.Watcher is { State: WatcherPhase.Watching, Pid: { } pid } && pid != other, "a new watcher is watching");
        return board.Watcher.Pid!.Value;
    }
}
