using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary><c>supervisor start</c> in a terminal.</summary>
public sealed class ForegroundSpecs
{
    [NeedsFact("/usr/bin/python3")]
    public async Task A_terminal_shows_the_output_of_every_service_with_its_name_and_ctrl_c_stops_in_order_and_says_so()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""
            { "services": { {{app.Entry()}},
              "worker": { "command": "echo worker is at work; exec sleep 1000", "dependsOn": { "app": "ready" } } } }
            """);
        await using var terminal = tree.OpenTerminal("start");
        (await terminal.LineShownAsync("worker is at work")).Should().StartWith("worker ");
        (await terminal.LineShownAsync("✓ ready")).Should().StartWith("app ");

        await terminal.EndAsync();

        terminal.Output.Should().Contain("stop");
        TaggedProcesses.Find(tree.Tag).Where(process => process.Pid != terminal.Pid).Should().BeEmpty();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_second_ctrl_c_kills_a_server_that_does_not_stop()
    {
        await using var tree = TestTree.Create();
        var deaf = new TestService(tree, "deaf");
        tree.WriteConfig($$"""{ "services": { {{deaf.Entry("--ignore-sigterm", """ "stop": { "grace": "100s" } """)}} } }""");
        await using var terminal = tree.OpenTerminal("start");
        await Wait.UntilAsync(deaf.AnswersAsync, "the server answers");
        await using var control = await tree.ConnectAsync();
        await control.WaitForAsync(board => board.Service("deaf").State == ServicePhase.Ready, "it is ready");
        await terminal.ShownAsync("Ctrl-C stops everything");

        terminal.Interrupt();
        await control.WaitForAsync(board => board.Service("deaf").State == ServicePhase.Draining, "it is asked to end");
        await Wait.UntilAsync(() => terminal.Output.Contains("waiting for deaf", StringComparison.OrdinalIgnoreCase), "the awaited service is named");
        terminal.Interrupt();

        await terminal.ExitAsync();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_closed_terminal_stops_the_tree_in_order()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await using var terminal = tree.OpenTerminal("start");
        await Wait.UntilAsync(app.AnswersAsync, "the server answers");

        terminal.Type("close");

        await NoProcessIsLeftAsync(tree, but: terminal.Pid);
        (await tree.RunAsync("status")).ExitCode.Should().Be((int)ExitCode.NotRunning);
    }

    [Fact]
    public async Task A_killed_viewer_that_owns_the_run_stops_it_in_order_too()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await using var viewer = tree.Begin("start");
        await Wait.UntilAsync(app.AnswersAsync, "the server answers");

        await Kill.UntilDeadAsync(viewer.Pid, "KILL");

        await NoProcessIsLeftAsync(tree, but: null);
    }

    private static async Task NoProcessIsLeftAsync(TestTree tree, int? but)
    {
        try
        {
            await Wait.UntilAsync(() => TaggedProcesses.Find(tree.Tag).All(process => process.Pid == but), "nothing of the tree is left");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}; there are {string.Join("; ", TaggedProcesses.Find(tree.Tag))}\n{tree.Logs()}", late);
        }
    }
}
