using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Services that are restarted when another one has been started again.</summary>
public sealed class RestartWithSpecs
{
    private const string Three = """
        { "services": {
            "db": { "command": ["sh", "db.sh"], "ready": { "log": "up" }, "watch": { "paths": ["db.sh"] }, "restart": { "backoff": { "initial": "100ms" } } },
            "api": { "command": ["sleep", "1000"], "dependsOn": ["db"], "restartWith": ["db"] },
            "web": { "command": ["sleep", "1000"], "restartWith": "api" },
            "other": { "command": ["sleep", "1000"], "dependsOn": ["db"] } } }
        """;

    [Fact]
    public async Task A_reload_a_crash_and_a_command_each_restart_once_what_restarts_with_the_service_and_what_restarts_with_that()
    {
        await using var tree = TestTree.Create();
        tree.Write("db.sh", "echo up\nexec sleep 1000\n");
        tree.WriteConfig(Three);
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var first = await control.WaitForAsync(board => board.Services.All(service => service.Generation == 1 && service.Pid is not null), "all run");

        tree.Write("db.sh", "sleep 0.5; echo up\nexec sleep 1000\n");
        var reloaded = await control.WaitForAsync(board => board.Service("web").Generation == 2 && board.Service("api").Pid is not null, "the chain has followed the reload");
        reloaded.Service("api").StartedAt.Should().BeAfter(reloaded.Service("db").ReadyAt!.Value.AddMilliseconds(-1), "it is restarted when db is ready");

        Kill.Send(reloaded.Service("db").Pid!.Value, "KILL");
        await control.WaitForAsync(board => board.Service("web").Generation == 3, "the chain has followed the crash");

        (await tree.RunAsync("restart", "db")).ExitCode.Should().Be(0);
        var last = await control.WaitForAsync(board => board.Service("web") is { Generation: 4, Pid: not null }, "the chain has followed the command");

        last.Service("db").Generation.Should().Be(4);
        last.Service("api").Generation.Should().Be(4);
        last.Service("other").Pid.Should().Be(first.Service("other").Pid);
        (await tree.RunAsync("why", "api")).Output.Should().Contain("dependency");
    }

    [Fact]
    public async Task What_was_stopped_stays_stopped_and_a_task_is_run_again()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(
            """
            { "services": {
                "db": { "command": ["sleep", "1000"] },
                "seed": { "kind": "task", "command": ["true"], "dependsOn": ["db"], "restartWith": ["db"] },
                "api": { "command": ["sleep", "1000"], "restartWith": ["db"] } } }
            """);
        await tree.StartAsync();
        (await tree.RunAsync("stop", "api")).ExitCode.Should().Be(0);

        (await tree.RunAsync("restart", "db")).ExitCode.Should().Be(0);

        await using var control = await tree.ConnectAsync();
        var board = await control.WaitForAsync(board => board.Service("seed") is { State: ServicePhase.Completed, Generation: 2 }, "the task has run again");
        board.Service("api").Should().Match<ServiceStatus>(api => api.State == ServicePhase.Stopped && api.Generation == 1);
    }
}
