using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Commands whose output goes to another program, and commands of scripts.</summary>
public sealed class ReaderSpecs
{
    private const string TalksOnce = """{ "services": { "talker": { "command": "echo at work; exec sleep 1000" } } }""";

    [Theory]
    [InlineData("head -n 1")]
    [InlineData("grep -m 1 work")]
    public async Task Following_ends_with_its_reader_although_nothing_more_is_printed(string reader)
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(TalksOnce);
        await tree.StartAsync();

        var followed = await ShellAsync(tree, $$"""{ "$0" logs -f; echo "exit $?" >&2; } | {{reader}}""");

        followed.Output.Should().Contain("talker");
        followed.Errors.Should().Be("exit 0\n");
    }

    [Fact]
    public async Task A_history_ends_with_its_reader()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "talker": { "command": "seq 1 100000; exec sleep 1000" } } }""");
        await tree.StartAsync();

        var shown = await ShellAsync(tree, """{ "$0" logs -f -n 100000; echo "exit $?" >&2; } | head -n 3""");

        shown.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(3);
        shown.Errors.Should().Be("exit 0\n");
    }

    [Fact]
    public async Task A_foreground_run_stops_in_order_when_nobody_reads_it_any_more()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "talker": { "command": "trap 'sleep 0.5; : > left-in-order; exit 0' TERM; echo at work; while :; do sleep 0.05; done" } } }""");

        var run = await ShellAsync(tree, """{ "$0" start; echo "exit $?" >&2; } | grep -m 1 'at work'""");

        run.Output.Should().Contain("at work");
        run.Errors.Should().Be("exit 0\n");
        File.Exists(Path.Combine(tree.Project, "left-in-order")).Should().BeTrue("the server had its grace period");
        TaggedProcesses.Find(tree.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task A_view_of_a_tree_in_the_background_ends_with_its_reader_and_the_tree_goes_on()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(TalksOnce);
        await tree.StartAsync();
        var before = (await tree.StatusAsync()).Service("talker");

        var view = await ShellAsync(tree, """{ "$0" start; echo "exit $?" >&2; } | head -n 1""");

        view.Output.Should().Contain("attached");
        view.Errors.Should().Be("exit 0\n");
        (await tree.StatusAsync()).Service("talker").Pid.Should().Be(before.Pid);
    }

    [Fact]
    public async Task A_run_that_a_script_has_put_into_the_background_answers_an_interrupt()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(TalksOnce);

        var script = await ShellAsync(tree, """
            "$0" start > output.txt & run=$!
            until grep -q 'at work' output.txt; do sleep 0.05; done
            kill -INT $run; wait $run; echo "exit $?"
            """);

        script.Output.Should().Be("exit 0\n");
        (await File.ReadAllTextAsync(Path.Combine(tree.Project, "output.txt"))).Should().EndWith("stopped\n");
        TaggedProcesses.Find(tree.Tag).Should().BeEmpty();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_run_in_the_background_of_a_terminals_script_answers_ctrl_c()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(TalksOnce);
        await using var terminal = tree.OpenScript("""trap : INT; "$0" start & wait $!; wait $!; echo "run $?" """);
        await terminal.ShownAsync("at work");

        terminal.Interrupt();

        await terminal.ShownAsync("run 0");
        TaggedProcesses.Find(tree.Tag).Where(process => process.Pid != terminal.Pid).Should().BeEmpty();
    }

    private static Task<CommandResult> ShellAsync(TestTree tree, string script) => tree.RunOtherAsync("/bin/sh", "-c", script, Executables.Supervisor);
}
