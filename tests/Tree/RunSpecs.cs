using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary><c>run</c>: a command without a configuration, and tasks of one.</summary>
public sealed class RunSpecs
{
    [Fact]
    public async Task A_command_without_a_configuration_is_reloaded_when_a_file_is_saved_and_shown_as_it_prints()
    {
        await using var tree = TestTree.Create();
        tree.Write("app.sh", "echo one\nexec sleep 1000\n");
        await tree.WaitForOlderTimestampsAsync();
        await using var run = tree.Begin("run", "-e", "sh,py", "--", "sh", "app.sh");
        await Wait.UntilAsync(() => Lines(run).Contains("one", StringComparer.Ordinal), "it has printed");

        tree.Write("note.txt", "no reload");
        tree.Write("app.sh", "echo two\nexec sleep 1000\n");
        await Wait.UntilAsync(() => Lines(run).Contains("two", StringComparer.Ordinal), "it is reloaded");

        (await EndAsync(run)).ExitCode.Should().Be(0);
        Lines(run).Count(line => line.Contains("✓ reloaded", StringComparison.Ordinal)).Should().Be(1);
        Lines(run).Should().NotContain(line => line.Contains("| two", StringComparison.Ordinal));
        File.Exists(tree.Config).Should().BeFalse();
    }

    [Fact]
    public async Task A_check_that_refuses_a_change_leaves_the_old_process_running()
    {
        await using var tree = TestTree.Create();
        tree.Write("src/app.sh", "echo one\nexec sleep 1000\n");
        tree.Write("other/app.sh", "exit 1\n");
        await tree.WaitForOlderTimestampsAsync();
        await using var run = tree.Begin("run", "-w", "src", "--check", "sh -n src/app.sh", "--debounce", "20ms", "--signal", "INT", "--", "sh src/app.sh");
        await Wait.UntilAsync(() => Lines(run).Contains("one", StringComparer.Ordinal), "it has printed");

        tree.Write("src/app.sh", "if\n");
        await Wait.UntilAsync(() => run.Output.Contains("✗ refused", StringComparison.Ordinal), "the check has refused it");
        tree.Write("src/app.sh", "echo three\nexec sleep 1000\n");
        await Wait.UntilAsync(() => Lines(run).Contains("three", StringComparer.Ordinal), "the mended file runs");

        (await EndAsync(run)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Two_commands_run_side_by_side_in_one_folder_and_the_same_one_twice_is_refused()
    {
        await using var tree = TestTree.Create();
        await using var first = tree.Begin("run", "--", "sh", "-c", "echo first; exec sleep 1000");
        await using var second = tree.Begin("run", "--", "sh", "-c", "echo second; exec sleep 1000");
        await Wait.UntilAsync(() => Lines(first).Contains("first", StringComparer.Ordinal) && Lines(second).Contains("second", StringComparer.Ordinal), "both have printed");

        var again = await tree.RunAsync("run", "--", "sh", "-c", "echo first; exec sleep 1000");
        again.ExitCode.Should().Be((int)ExitCode.Failed);
        again.Errors.Should().Contain("already runs here").And.Contain("supervisor stop --file");

        (await EndAsync(first)).ExitCode.Should().Be(0);
        (await EndAsync(second)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Save_adds_the_command_to_the_configuration_whose_comments_stay_and_to_none_it_makes_one()
    {
        await using var tree = TestTree.Create();

        var made = await tree.RunAsync("run", "--save", "web", "-e", "js", "--", "node", "server.js", "$HOME");
        made.ExitCode.Should().Be(0, "{0}", made);
        made.Output.Should().Contain("supervisor start web");
        tree.WriteConfig("// mine\n" + (await File.ReadAllTextAsync(tree.Config)).Replace("\"web\"", "/* here */ \"web\"", StringComparison.Ordinal));

        (await tree.RunAsync("run", "--save", "worker", "-w", ".", "--check", "true", "--", "sh worker.sh")).ExitCode.Should().Be(0);

        var text = await File.ReadAllTextAsync(tree.Config);
        text.Should().StartWith("// mine").And.Contain("/* here */").And.Contain("""["node", "server.js", "$$HOME"]""").And.Contain("\"command\": \"sh worker.sh\"");
        (await tree.RunAsync("check")).ExitCode.Should().Be(0, "{0}", text);
        (await tree.RunAsync("list")).Output.Should().Contain("web").And.Contain("worker");

        var twice = await tree.RunAsync("run", "--save", "web", "--", "other");
        twice.ExitCode.Should().Be((int)ExitCode.BadUsage);
        twice.Errors.Should().Contain("has a service web already");
        (await File.ReadAllTextAsync(tree.Config)).Should().Be(text);
    }

    [Fact]
    public async Task A_task_runs_to_its_end_with_what_it_needs_and_its_exit_code_is_that_of_the_command()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Tasks);

        var alone = await tree.RunAsync("run", "test");

        alone.ExitCode.Should().Be(3, "{0}", alone);
        alone.Output.Should().Contain("| tested");
        (await tree.RunAsync("logs", "db")).Output.Should().Contain("db is up", "it was started too");
        (await tree.RunAsync("status")).ExitCode.Should().Be((int)ExitCode.NotRunning, "the run has ended what it started");

        await tree.RunAsync("start", "-d", "db");
        var pid = (await tree.StatusAsync()).Service("db").Pid;
        var inTree = await tree.RunAsync("run", "test");
        inTree.ExitCode.Should().Be(3, "{0}", inTree);
        inTree.Output.Should().Contain("| tested");
        (await tree.RunAsync("run", "good")).ExitCode.Should().Be(0);
        (await tree.RunAsync("run", "good")).ExitCode.Should().Be(0);

        var after = await tree.StatusAsync();
        after.Service("db").Pid.Should().Be(pid);
        after.Service("good").Generation.Should().Be(2);
    }

    [Fact]
    public async Task An_interrupt_leaves_a_task_of_a_running_tree_running()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "db": { "command": ["sleep", "1000"] }, "long": { "kind": "task", "command": "echo at work; exec sleep 1000", "autostart": false } } }""");
        await tree.StartAsync();
        await using var run = tree.Begin("run", "long");
        await Wait.UntilAsync(() => run.Output.Contains("at work", StringComparison.Ordinal), "the task runs");
        var pid = (await tree.StatusAsync()).Service("long").Pid;

        var left = await EndAsync(run);

        left.ExitCode.Should().Be((int)ExitCode.Failed, "{0}", left);
        left.Output.Should().Contain("left; long goes on");
        (await tree.StatusAsync()).Service("long").Should().BeEquivalentTo(new { State = ServicePhase.Running, Pid = pid });
    }

    [Theory]
    [InlineData("-- before the command: supervisor run -- node x", "run", "node", "x")]
    [InlineData("Write the command after --", "run")]
    [InlineData("Write the command after --", "run", "--")]
    [InlineData("-- before the whole command: supervisor run -- a b", "run", "a", "--", "b")]
    [InlineData("--ext is for a command after --", "run", "good", "-e", "py")]
    [InlineData("--watch names nowhere, which does not exist", "run", "-w", "nowhere", "--", "x")]
    [InlineData("nowhere does not exist", "run", "--save", "x", "-f", "nowhere/supervisor.json", "--", "x")]
    [InlineData("stop.signal: \"FOO\" must be the name of a signal", "run", "--signal", "FOO", "--", "x")]
    public async Task A_misuse_says_what_to_write(string message, params string[] arguments)
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Tasks);

        var refused = await tree.RunAsync(arguments);

        refused.ExitCode.Should().BeOneOf([(int)ExitCode.BadUsage, (int)ExitCode.Failed], "{0}", refused);
        refused.Errors.Should().Contain(message).And.NotContain("Unhandled");
    }

    private const string Tasks = """
        { "services": {
            "db": { "command": ["sh", "-c", "echo db is up; exec sleep 1000"] },
            "test": { "kind": "task", "command": ["sh", "-c", "echo tested; exit 3"], "dependsOn": ["db"] },
            "good": { "kind": "task", "command": ["true"], "autostart": false } } }
        """;

    private static string[] Lines(Command command) => command.Output.Split('\n');

    private static Task<CommandResult> EndAsync(Command run)
    {
        Kill.Send(run.Pid, "INT");
        return run.FinishAsync(TimeSpan.FromSeconds(60));
    }
}
