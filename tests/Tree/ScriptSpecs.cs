using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>What a script or a CI job asks: how a task went, and a run that ends by itself.</summary>
public sealed class ScriptSpecs
{
    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("kill -TERM $$", 143)]
    public async Task Waiting_for_a_task_to_complete_gives_its_exit_code(string command, int expected)
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""{ "services": { "tests": { "command": "sleep 1; {{command}}", "restart": { "policy": "never" } }, "web": { "command": "exec sleep 1000" } } }""");
        await tree.TryStartAsync();

        var waited = await tree.RunAsync("wait", "tests", "--for", "completed");
        var stopped = await tree.RunAsync("wait", "tests", "--for", "stopped");

        waited.ExitCode.Should().Be(expected, "{0}", waited);
        stopped.ExitCode.Should().Be(expected == 0 ? 0 : (int)ExitCode.FailedWhileWaiting, "{0}", stopped);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_run_ends_with_the_tests_and_their_exit_code(int code)
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""
            { "services": {
              "web": { "command": "echo LISTENING; exec sleep 1000", "ready": { "log": "LISTENING" } },
              "tests": { "command": "echo tests ran; exit {{code}}", "restart": { "policy": "never" }, "dependsOn": { "web": "ready" }, "autostart": false } } }
            """);

        var run = await tree.RunAsync("start", "--exit-code-from", "tests");

        run.ExitCode.Should().Be(code, "{0}", run);
        run.Output.Should().Contain("tests ran");
        run.Output.TrimEnd().Split('\n')[^1].Should().Contain($"(exit code {code})");
    }

    [Fact]
    public async Task A_run_whose_services_have_all_ended_ends_itself_with_a_failure_if_one_failed()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "one": { "command": "sleep 1; echo first" }, "two": { "command": "sleep 1; exit 5", "restart": { "policy": "never" } } } }""");

        var run = await tree.RunAsync("start");

        run.ExitCode.Should().Be((int)ExitCode.Unhealthy, "{0}", run);
        run.Output.TrimEnd().Split('\n')[^1].Should().Contain("two failed: exited with code 5").And.Contain("(exit code 5)");
    }

    [Fact]
    public async Task A_run_ends_on_request_as_soon_as_one_has_failed()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "command": "exec sleep 1000" }, "two": { "command": "exit 5", "restart": { "policy": "never" } } } }""");

        (await tree.RunAsync("start", "--exit-when", "failed")).ExitCode.Should().Be((int)ExitCode.Unhealthy);
    }

    [Fact]
    public async Task A_task_that_watches_files_keeps_its_run()
    {
        await using var tree = TestTree.Create();
        tree.Write("src/a", "1");
        tree.WriteConfig("""{ "services": { "build": { "command": "echo built", "watch": { "paths": ["src"] } } } }""");
        await tree.WaitForOlderTimestampsAsync();
        await using var run = tree.Begin("start");
        await Wait.UntilAsync(() => run.Output.Contains("1 ready in", StringComparison.Ordinal), "it has run");

        tree.Write("src/a", "2");

        await Wait.UntilAsync(() => run.Output.Split("built").Length > 2, "it runs again");
        (await tree.RunAsync("stop")).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task What_ends_a_run_is_refused_where_it_could_end_nothing()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "command": "exec sleep 1000" } } }""");

        (await tree.RunAsync("start", "--exit-code-from", "wbe")).Should().Match<CommandResult>(
            it => it.ExitCode == (int)ExitCode.NoSuchService && it.Errors.Contains("web", StringComparison.Ordinal));
        await tree.StartAsync();
        (await tree.RunAsync("start", "--exit-code-from", "web")).Should().Match<CommandResult>(
            it => it.ExitCode == (int)ExitCode.BadUsage && it.Errors.Contains("--for completed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Commands_that_start_say_what_a_reload_would_take_over()
    {
        await using var tree = TestTree.Create();
        await Configurations.StartedAsync(tree, """ "web": { "command": "exec sleep 1000" } """);

        Configurations.Configure(tree, """ "web": { "command": "exec sleep 2000" } """, """ "extra": { "command": "exec sleep 1000" } """);

        (await tree.RunAsync("start", "extra")).Should().Match<CommandResult>(
            it => it.ExitCode == (int)ExitCode.NoSuchService && it.Errors.Contains("it has extra, and the running tree has not. \"supervisor reload\" takes it over", StringComparison.Ordinal));
        (await tree.RunAsync("start", "-d")).Errors.Should().Contain("supervisor.json changed: + extra, ~ web (command)");
        (await tree.RunAsync("restart", "web")).Should().Match<CommandResult>(
            it => it.ExitCode == 0 && it.Errors.Contains("supervisor.json changed: + extra, ~ web (command); \"supervisor reload\" applies it", StringComparison.Ordinal));
    }
}
