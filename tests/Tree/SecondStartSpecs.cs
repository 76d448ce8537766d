using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Several trees, several starts and other users.</summary>
public sealed class SecondStartSpecs
{
    [Fact]
    public async Task A_second_start_for_the_same_configuration_says_that_it_is_running_and_changes_nothing()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        var before = await tree.StatusAsync();

        var second = await tree.RunAsync("start", "-d");

        second.ExitCode.Should().Be((int)ExitCode.Failed);
        (second.Output + second.Errors).Should().Contain("already running").And.Contain($"{before.Tree.ParentPid}");
        var after = await tree.StatusAsync();
        after.Tree.ParentPid.Should().Be(before.Tree.ParentPid);
        after.Service("app").Pid.Should().Be(before.Service("app").Pid);
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_second_start_in_a_terminal_shows_the_running_tree_and_ctrl_c_only_leaves_it()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}}, "once": { "command": ["echo", "earlier words"] } } }""");
        await tree.StartAsync();
        var before = await tree.StatusAsync();

        await using var terminal = tree.OpenTerminal("start");
        await Wait.UntilAsync(() => terminal.Output.Contains("Ctrl-C leaves it running", StringComparison.Ordinal), "the first line says what Ctrl-C does");
        app.Save("page.txt", "changed");
        await Wait.UntilAsync(() => terminal.Output.Contains("reloaded", StringComparison.Ordinal), "events are shown");
        terminal.Interrupt();

        (await terminal.ExitAsync()).ExitCode.Should().Be(0);
        terminal.Output.Should().Contain("keeps running").And.NotContain("earlier words", "another viewer has shown them");
        (await tree.StatusAsync()).Tree.ParentPid.Should().Be(before.Tree.ParentPid);
        await Wait.UntilAsync(app.AnswersAsync, "the reloaded server answers");
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_terminal_that_shows_a_running_tree_says_how_it_ended()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "idle": { "command": ["sleep", "1000"] } } }""");
        await tree.StartAsync();
        await using var stopped = tree.OpenTerminal("start");
        await Wait.UntilAsync(() => stopped.Output.Contains("attached", StringComparison.Ordinal), "it is attached");
        (await tree.RunAsync("stop")).ExitCode.Should().Be((int)ExitCode.Ok);
        (await stopped.ExitAsync()).ExitCode.Should().Be(0, "an orderly end is no failure");
        stopped.Output.Should().Contain("the tree has stopped");

        await tree.StartAsync();
        await using var orphaned = tree.OpenTerminal("start");
        await Wait.UntilAsync(() => orphaned.Output.Contains("attached", StringComparison.Ordinal), "it is attached");
        await Kill.UntilDeadAsync((await tree.StatusAsync()).Tree.ParentPid, "KILL");
        (await orphaned.ExitAsync()).ExitCode.Should().Be(1, "a killed parent is a failure");
        orphaned.Output.Should().Contain("the servers keep running");
        await tree.StartAsync();
    }

    [Fact]
    public async Task Two_checkouts_run_side_by_side_without_touching_each_other()
    {
        await using var one = TestTree.Create();
        await using var other = TestTree.Create();
        other["SUPERVISOR_RUNTIME_DIR"] = one.RuntimeBase;
        other["XDG_STATE_HOME"] = Path.GetDirectoryName(one.StateBase);
        var first = new TestService(one, "app");
        var second = new TestService(other, "app");
        one.WriteConfig($$"""{ "services": { {{first.Entry()}} } }""");
        other.WriteConfig($$"""{ "services": { {{second.Entry()}} } }""");

        await one.StartAsync();
        await other.StartAsync();
        var before = await one.StatusAsync();
        second.Save("page.txt", "changed in the other checkout");
        (await other.RunAsync("flush")).ExitCode.Should().Be(0);
        (await second.ServedAsync()).Should().Be(second.OnDisk());
        (await other.RunAsync("stop")).ExitCode.Should().Be(0);

        var after = await one.StatusAsync();
        after.Service("app").Should().BeEquivalentTo(new { before.Service("app").Pid, Generation = 1, Reloads = 0 });
        (await first.AnswersAsync()).Should().BeTrue();
    }

    [OtherUserFact]
    public async Task Another_user_cannot_connect()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "idle": { "command": ["sleep", "1000"] } } }""");
        await tree.StartAsync();
        var socket = tree.ControlSocket;

        var kept = await ConnectAsNobodyAsync(tree, socket);
        GrantAccess(tree, socket);
        var closed = await ConnectAsNobodyAsync(tree, socket);

        kept.Output.Should().Contain("PermissionError", "the folder is closed to others: {0}", kept);
        closed.Output.Should().Contain("closed without an answer", "with all file permissions granted the parent checks the peer's uid: {0}", closed);
        (await tree.StatusAsync()).Service("idle").State.Should().Be(ServicePhase.Running, "the accept loop continues");
    }

    private static Task<CommandResult> ConnectAsNobodyAsync(TestTree tree, string socket) => tree.RunOtherAsync(
        "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "/usr/bin/python3", "-c",
        $$"""
        import socket
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(20)
        body = b'{"jsonrpc":"2.0","id":1,"method":"supervisor/status"}'
        try:
            s.connect("{{socket}}")
            try:
                s.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
                print("closed without an answer" if s.recv(100) == b"" else "ANSWERED")
            except (BrokenPipeError, ConnectionResetError):
                print("closed without an answer")
        except Exception as e:
            print(type(e).__name__)
        """);

    private static void GrantAccess(TestTree tree, string socket)
    {
        const UnixFileMode Everybody = (UnixFileMode)0x1ff;
        for (var folder = Path.GetDirectoryName(socket)!; folder.StartsWith(tree.Root, StringComparison.Ordinal); folder = Path.GetDirectoryName(folder)!)
            File.SetUnixFileMode(folder, Everybody);
        File.SetUnixFileMode(socket, Everybody);
    }
}
