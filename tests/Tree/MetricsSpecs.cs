using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary><c>metrics</c> of a running tree.</summary>
public sealed class MetricsSpecs
{
    [Fact]
    public async Task A_crash_a_reload_and_a_dead_watcher_are_counted_and_a_tree_that_does_not_run_has_none()
    {
        await using var tree = TestTree.Create();
        tree.Write("app.sh", "exec sleep 1000\n");
        tree.WriteConfig("""{ "services": { "app": { "command": ["sh", "app.sh"], "watch": {}, "restart": { "backoff": { "initial": "100ms" } } } } }""");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        tree.Write("app.sh", "exec sleep 2000\n");
        var reloaded = await control.WaitForAsync(board => board.Service("app") is { State: ServicePhase.Running, Reloads: 1 }, "it is reloaded");
        Kill.Send(reloaded.Service("app").Pid!.Value, "KILL");
        Kill.Send(reloaded.Watcher.Pid!.Value, "KILL");
        await control.WaitForAsync(board => board.Service("app") is { State: ServicePhase.Running, Restarts: 1 } && board.Watcher is { Restarts: 1, State: WatcherPhase.Watching }, "both are back");

        await Wait.UntilAsync(async () => (await tree.RunAsync("metrics")).Output.Contains("starts_last_day{service=\"app\",cause=\"crash\"} 1.0", StringComparison.Ordinal), "the ledger has the start");
        var metrics = await tree.RunAsync("metrics");

        metrics.ExitCode.Should().Be(0);
        metrics.Output.Should().Contain("supervisor_service_reloads_total{service=\"app\"} 1.0\n").And.Contain("supervisor_service_restarts_total{service=\"app\"} 1.0\n")
            .And.Contain("supervisor_watcher_deaths_total 1.0\n").And.Contain("supervisor_service_state{service=\"app\",state=\"running\"} 1.0\n").And.EndWith("# EOF\n");
        (await tree.RunAsync("stop")).ExitCode.Should().Be(0);
        (await tree.RunAsync("metrics")).ExitCode.Should().Be((int)ExitCode.NotRunning);
    }
}
