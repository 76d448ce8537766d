using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary><c>instances</c>: one entry of the configuration, several services.</summary>
public sealed class InstanceSpecs
{
    [Fact]
    public async Task Each_instance_has_its_number_and_its_port_and_the_name_of_the_entry_means_all()
    {
        await using var tree = TestTree.Create();
        var port = TestTree.FreePort(inARow: 3);
        tree.WriteConfig(Config(port));
        await tree.StartAsync();

        var board = await tree.StatusAsync();
        board.Services.Select(service => service.Name).Should().Equal("web-1", "web-2", "web-3", "late");
        board.Service("late").State.Should().Be(ServicePhase.Running);
        board.Service("web-2").Ports.Should().Equal(port + 1);
        var logs = await tree.RunAsync("logs", "web");
        logs.Output.Should().Contain($"I am 1 of web-1 at {port}").And.Contain($"I am 2 of web-2 at {port + 1}").And.Contain($"I am 3 of web-3 at {port + 2}");

        var restarted = await tree.RunAsync("restart", "web");
        restarted.ExitCode.Should().Be(0, "{0}", restarted);
        (await tree.RunAsync("restart", "web-2")).ExitCode.Should().Be(0);
        (await tree.StatusAsync()).Services.Select(service => service.Generation).Should().Equal(2, 3, 2, 1);
        (await tree.RunAsync("status", "web")).Output.Should().Contain("web-3").And.NotContain("late");
        (await tree.RunAsync("stop", "web")).ExitCode.Should().Be(0);
        (await tree.StatusAsync()).Services.Count(service => service.State == ServicePhase.Stopped).Should().Be(3);
    }

    [Fact]
    public async Task A_check_says_what_the_instances_are()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Config(8000));

        var result = await tree.RunAsync("check");

        result.ExitCode.Should().Be(0, "{0}", result);
        result.Output.Should().Contain("4 services: web-1, web-2, web-3, late").And.Contain("web means web-1 (port 8000), web-2 (port 8001), web-3 (port 8002)");
    }

    private static string Config(int port) => $$"""
        { "services": {
            "web": { "command": "echo I am $INSTANCE of $SUPERVISOR_SERVICE at $PORT; exec sleep 1000", "instances": 3, "port": {{port}} },
            "late": { "command": ["sleep", "1000"], "dependsOn": { "web": "started" } } } }
        """;
}
