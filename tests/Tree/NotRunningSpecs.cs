using System.Text.Json;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>The commands that read what a tree has left: after its stop, and after the death of its parent.</summary>
public sealed class NotRunningSpecs
{
    [Fact]
    public async Task After_a_stop_status_why_and_logs_read_what_is_on_disk_and_say_so_first()
    {
        await using var tree = TestTree.Create();
        tree.Write("run.sh", "echo 'listen: address in use' >&2; exit 3\n");
        tree.WriteConfig("""
            { "services": {
              "app": { "command": ["sh", "run.sh"], "restart": { "policy": "never" } },
              "web": { "command": "echo hello; exec sleep 1000" } } }
            """);
        await tree.TryStartAsync();
        await using (var control = await tree.ConnectAsync())
            await control.WaitForAsync(board => board.Service("app").State == ServicePhase.Failed && board.Service("web").State == ServicePhase.Running, "one has failed, the other runs");
        await Wait.UntilAsync(async () => (await tree.RunAsync("logs")).Output.Contains("hello", StringComparison.Ordinal), "it has printed");

        (await tree.RunAsync("stop")).ExitCode.Should().Be((int)ExitCode.Ok);

        var status = await tree.RunAsync("status");
        status.ExitCode.Should().Be((int)ExitCode.NotRunning);
        FirstLine(status.Errors).Should().Contain("No tree is running").And.Contain("supervisor start");
        status.Output.Should().MatchRegex("app +stopped").And.MatchRegex("web +stopped").And.Contain("exited with code 3: listen: address in use");
        var why = await tree.RunAsync("why", "app");
        why.ExitCode.Should().Be((int)ExitCode.Ok);
        FirstLine(why.Errors).Should().Contain("No tree is running");
        why.Output.Should().Contain("started").And.Contain("| listen: address in use");
        (await tree.RunAsync("why", "watcher")).Output.Should().Contain("the tree stops");
        var logs = await tree.RunAsync("logs", "web");
        logs.ExitCode.Should().Be((int)ExitCode.Ok);
        FirstLine(logs.Errors).Should().Contain("No tree is running");
        logs.Output.Should().Contain("hello");
        foreach (var verb in new[] { "status", "why", "logs" })
            (await tree.RunAsync(verb, "ap")).ExitCode.Should().Be((int)ExitCode.NoSuchService);
        (await tree.RunAsync("status", "--json")).Should().BeEquivalentTo(new { ExitCode = (int)ExitCode.NotRunning, Output = "" });
    }

    [Fact]
    public async Task A_broken_configuration_hides_nothing_of_what_a_stopped_tree_left()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "command": "echo hello; exec sleep 1000" } } }""");
        await tree.StartAsync();
        await Wait.UntilAsync(async () => (await tree.RunAsync("logs")).Output.Contains("hello", StringComparison.Ordinal), "it has printed");
        await tree.RunAsync("stop");

        tree.WriteConfig("""{ "services": { "web": { "comand": "sleep 1000" } } }""");

        (await tree.RunAsync("why", "web")).Output.Should().Contain("started");
        (await tree.RunAsync("logs")).Output.Should().Contain("hello");
        (await tree.RunAsync("status")).Output.Should().MatchRegex("web +stopped");
    }

    [Fact]
    public async Task After_the_death_of_the_parent_status_says_that_the_servers_go_on_and_how_to_get_them_back()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}}, "done": { "command": ["true"] } } }""");
        await tree.StartAsync();
        var before = await tree.StatusAsync();

        await Kill.UntilDeadAsync(before.Tree.ParentPid, "KILL");

        var status = await tree.RunAsync("status");
        status.ExitCode.Should().Be((int)ExitCode.NotRunning);
        FirstLine(status.Errors).Should().Contain("parent").And.Contain($"app (pid {before.Service("app").Pid})").And.Contain("supervisor start")
            .And.NotContain("done (");
        status.Output.Should().MatchRegex($"app +ready +{before.Service("app").Pid}").And.MatchRegex("done +completed");
        (await tree.RunAsync("why", "app")).Output.Should().Contain("ready");
        (await app.AnswersAsync()).Should().BeTrue();

        await tree.StartAsync();
        (await tree.StatusAsync()).Service("app").Pid.Should().Be(before.Service("app").Pid);
    }

    [Fact]
    public async Task Restarts_of_the_last_hour_and_day_are_counted_across_a_restart_of_the_tree()
    {
        await using var tree = TestTree.Create();
        tree.Write("app/run.sh", "exec sleep 1000\n");
        tree.WriteConfig("""{ "services": { "app": { "command": ["sh", "app/run.sh"], "watch": { "paths": ["app"] } } } }""");
        await tree.StartAsync();
        await using (var control = await tree.ConnectAsync())
        {
            Kill.Send((await control.StatusAsync()).Service("app").Pid!.Value, "SEGV");
            await control.WaitForAsync(board => board.Service("app") is { State: ServicePhase.Running, Generation: 2 }, "it has recovered");
        }

        tree.Write("app/run.sh", "exec sleep 2000\n");
        (await tree.RunAsync("flush")).ExitCode.Should().Be((int)ExitCode.Ok);
        const string Rate = "app: 1 restart and 1 reload in the last hour, 1 restart and 1 reload in the last day";
        (await tree.RunAsync("why", "app", "--rate")).Output.Trim().Should().Be(Rate);

        await tree.RunAsync("stop");
        (await tree.RunAsync("why", "app", "--rate")).Output.Trim().Should().Be(Rate);
        await tree.StartAsync();

        (await tree.RunAsync("why", "app", "--rate")).Output.Trim().Should().Be(Rate);
        await Wait.UntilAsync(
            async () => Service(await tree.RunAsync("status", "--json")).TryGetProperty("rates", out var rates) && rates.ValueKind == JsonValueKind.Object,
            "the host has read its ledger");
        Service(await tree.RunAsync("status", "--json")).GetProperty("rates").GetRawText().Should().MatchRegex(
            """(?s)"restartsLastHour": 1,.*"reloadsLastHour": 1,.*"restartsLastDay": 1,.*"reloadsLastDay": 1""");
    }

    private static JsonElement Service(CommandResult status)
    {
        using var document = JsonDocument.Parse(status.Output);
        return document.RootElement.GetProperty("services")[0].Clone();
    }

    private static string FirstLine(string text) => text.Split('\n')[0];
}
