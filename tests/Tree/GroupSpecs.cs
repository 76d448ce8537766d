using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Names of groups and patterns on the command line, and which services a start leaves out.</summary>
public sealed class GroupSpecs
{
    private const string Config = """
        { "groups": { "backend": ["api-one", "api-two"], "front": ["web"] },
          "services": {
            "db": { "command": "echo the database; exec sleep 1000" },
            "api-one": { "command": "echo the first api; exec sleep 1000", "dependsOn": { "db": "started" } },
            "api-two": { "command": "echo the second api; exec sleep 1000" },
            "web": { "command": "echo the page; exec sleep 1000" } } }
        """;

    [Fact]
    public async Task A_group_stands_for_its_services_in_every_command()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Config);

        var started = await tree.RunAsync("start", "-d", "backend");

        started.ExitCode.Should().Be(0, "{0}", started);
        (await RunningAsync(tree)).Should().Equal("db", "api-one", "api-two");
        (await tree.RunAsync("wait", "backend")).ExitCode.Should().Be(0);
        (await tree.RunAsync("status", "backend")).Output.Should().Contain("api-two").And.NotContain("web");
        (await tree.RunAsync("logs", "backend")).Output.Should().Contain("the first api").And.Contain("the second api").And.NotContain("the database");
        (await tree.RunAsync("restart", "backend")).ExitCode.Should().Be(0);
        (await tree.StatusAsync()).Services.Select(service => service.Generation).Should().Equal(1, 2, 2, 0);
        (await tree.RunAsync("start", "front")).ExitCode.Should().Be(0);
        (await tree.RunAsync("stop", "backend")).ExitCode.Should().Be(0);
        (await RunningAsync(tree)).Should().Equal("db", "web");
        (await tree.RunAsync("status", "--json")).Output.Should().Contain("\"backend\": [");
    }

    [Fact]
    public async Task A_pattern_stands_for_the_services_that_match_it()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Config);
        await tree.StartAsync();

        (await tree.RunAsync("stop", "api-*")).ExitCode.Should().Be(0);

        (await RunningAsync(tree)).Should().Equal("db", "web");
        var none = await tree.RunAsync("stop", "job-*");
        none.ExitCode.Should().Be((int)ExitCode.NoSuchService);
        none.Errors.Should().Contain("No service matches \"job-*\"");
        var unknown = await tree.RunAsync("stop", "bakend");
        unknown.ExitCode.Should().Be((int)ExitCode.NoSuchService);
        unknown.Errors.Should().Contain("did you mean \"backend\"?").And.Contain("Groups: backend, front.");
    }

    [Fact]
    public async Task A_start_leaves_out_what_it_is_to_leave_out()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Config);

        var started = await tree.RunAsync("start", "-d", "--except", "front", "--except", "api-two");

        started.ExitCode.Should().Be(0, "{0}", started);
        (await RunningAsync(tree)).Should().Equal("db", "api-one");
    }

    [Fact]
    public async Task What_others_need_is_left_out_only_together_with_them_or_without_dependencies()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Config);

        var refused = await tree.RunAsync("start", "-d", "--except", "db");

        refused.ExitCode.Should().Be((int)ExitCode.BadUsage, "{0}", refused);
        refused.Errors.Should().Contain("api-one depends on db");
        var started = await tree.RunAsync("start", "-d", "--except", "db", "--no-deps");
        started.ExitCode.Should().Be(0, "{0}", started);
        (await RunningAsync(tree)).Should().Equal("api-one", "api-two", "web");
    }

    [Fact]
    public async Task Without_dependencies_a_service_of_a_running_tree_starts_alone_and_does_not_wait()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Config);
        await tree.StartAsync();
        (await tree.RunAsync("stop", "db", "api-one")).ExitCode.Should().Be(0);

        var started = await tree.RunAsync("start", "--no-deps", "api-one");

        started.ExitCode.Should().Be(0, "{0}", started);
        (await RunningAsync(tree)).Should().Equal("api-one", "api-two", "web");
    }

    [Fact]
    public async Task In_the_logs_of_a_tree_that_does_not_run_a_group_stands_for_its_services_too()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Config);
        await tree.StartAsync();
        (await tree.RunAsync("stop")).ExitCode.Should().Be(0);

        var logs = await tree.RunAsync("logs", "backend");

        logs.ExitCode.Should().Be(0, "{0}", logs);
        logs.Output.Should().Contain("the first api").And.NotContain("the page");
    }

    private static async Task<IEnumerable<string>> RunningAsync(TestTree tree) =>
        (await tree.StatusAsync()).Services.Where(service => service.State == ServicePhase.Running).Select(service => service.Name);
}
