using System.Text.Json;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>The contract with scripts: the shape of <c>status --json</c> and the exit codes.</summary>
public sealed class StatusShapeSpecs
{
    [Fact]
    public async Task The_shape_of_the_status_is_stable()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        app.Save("page.txt", "changed");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        await using var control = await tree.ConnectAsync();
        await control.WaitForAsync(
            board => board.Service("app") is { MemoryBytes: > 0, CpuPercent: not null, Rates: not null } && board.Watcher.State == WatcherPhase.Watching, "the first sample is taken");

        using var status = JsonDocument.Parse((await tree.RunAsync("status", "--json")).Output);

        Keys(status.RootElement).Should().Equal("tree", "watcher", "services");
        Keys(status.RootElement.GetProperty("tree")).Should().Equal("config", "parentPid", "startedAt", "version", "revision", "change", "groups");
        var watcher = status.RootElement.GetProperty("watcher");
        Keys(watcher).Should().Equal(
            "state", "pid", "epoch", "backend", "restarts", "degraded", "directories", "files", "queueDepth", "memoryBytes",
            "memoryLimitBytes", "cpuPercent", "lastExit", "pressure", "roots", "resyncs", "holds", "lastExitReason");
        watcher.GetProperty("state").GetString().Should().Be("watching");
        watcher.GetProperty("backend").GetString().Should().Be("inotify");
        watcher.GetProperty("memoryLimitBytes").GetInt64().Should().Be(134_217_728);
        watcher.GetProperty("lastExit").ValueKind.Should().Be(JsonValueKind.Null);
        var service = status.RootElement.GetProperty("services")[0];
        Keys(service).Should().Equal(
            "name", "state", "stale", "pid", "hostPid", "generation", "reloads", "restarts", "startedAt", "readyAt", "ports",
            "memoryBytes", "cpuPercent", "lastExit", "lastChange", "reason", "rates", "statusText");
        Keys(service.GetProperty("rates")).Should().Equal("restartsLastHour", "reloadsLastHour", "restartsLastDay", "reloadsLastDay");
        service.GetProperty("state").GetString().Should().Be("ready");
        service.GetProperty("ports")[0].GetInt32().Should().Be(app.Port);
        service.GetProperty("startedAt").GetString().Should().EndWith("Z").And.Match("20??-??-??T??:??:??*");
        var change = service.GetProperty("lastChange");
        Keys(change).Should().Equal("cause", "files", "at", "durationMs");
        change.GetProperty("cause").GetString().Should().Be("files");
        change.GetProperty("files")[0].GetString().Should().Be("app/page.txt");
        change.GetProperty("durationMs").GetInt64().Should().BePositive();
    }

    [Fact]
    public async Task The_exit_codes_are_stable()
    {
        await using var tree = TestTree.Create();
        await ExitsWith(tree, ExitCode.BadUsage, "no-such-verb");
        await ExitsWith(tree, ExitCode.BadUsage, "status", "--no-such-option");
        await ExitsWith(tree, ExitCode.BadConfig, "status");
        await ExitsWith(tree, ExitCode.BadConfig, "start", "-d");
        tree.WriteConfig("""{ "services": { "app": { "comand": ["sleep", "1000"] } } }""");
        var wrong = await ExitsWith(tree, ExitCode.BadConfig, "check");
        (wrong.Output + wrong.Errors).Should().Contain("supervisor.json:1:").And.Contain("comand").And.Contain("command");
        await ExitsWith(tree, ExitCode.BadConfig, "start", "-d");
        tree.WriteConfig("""{ "services": { "app": { "command": ["sleep", "1000"] }, "bad": { "command": ["false"], "restart": { "policy": "never" }, "ready": { "tcp": "127.0.0.1:1" } } } }""");
        await ExitsWith(tree, ExitCode.Ok, "check");
        foreach (var verb in new[] { "status", "stop", "flush" })
            await ExitsWith(tree, ExitCode.NotRunning, verb);
        await ExitsWith(tree, ExitCode.NotRunning, "restart", "app");
        await ExitsWith(tree, ExitCode.NotRunning, "wait", "app");

        await ExitsWith(tree, ExitCode.Failed, "start", "-d");
        var unknown = await ExitsWith(tree, ExitCode.NoSuchService, "restart", "ap");
        unknown.Errors.Should().Contain("app");
        foreach (var verb in new[] { "why", "stop", "status", "logs", "start" })
            await ExitsWith(tree, ExitCode.NoSuchService, verb, "ap");
        await ExitsWith(tree, ExitCode.Ok, "wait", "app", "--timeout", "60s");
        await ExitsWith(tree, ExitCode.WaitTimedOut, "wait", "app", "--for", "stopped", "--timeout", "300ms");
        await ExitsWith(tree, ExitCode.FailedWhileWaiting, "wait", "bad", "--timeout", "60s");
        await ExitsWith(tree, ExitCode.Ok, "restart", "app");
        await ExitsWith(tree, ExitCode.Ok, "stop", "app");
        await ExitsWith(tree, ExitCode.Ok, "wait", "app", "--for", "stopped", "--timeout", "60s");
        await ExitsWith(tree, ExitCode.Ok, "stop");
        await ExitsWith(tree, ExitCode.NotRunning, "stop");
    }

    private static async Task<CommandResult> ExitsWith(TestTree tree, ExitCode code, params string[] arguments)
    {
        var result = await tree.RunAsync(arguments);
        result.ExitCode.Should().Be((int)code, "supervisor {0}: {1}", string.Join(' ', arguments), result);
        return result;
    }

    private static IEnumerable<string> Keys(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
