using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A person at the terminal of a server.</summary>
public sealed class AttachSpecs
{
    private const string CtrlC = "\x03";
    private const string Detach = "\x10\x11";

    /// <summary>Repeats what it reads, and says its window when asked.</summary>
    private const string Echo = """{ "services": { "web": { "tty": true, "ready": { "log": "up" }, "command": "stty -echo; echo up; while read line; do case $line in size) stty size;; *) echo got $line;; esac; done; echo end of input" } } }""";

    [NeedsFact("/usr/bin/python3")]
    public async Task A_breakpoint_is_used_and_left_and_the_server_goes_on()
    {
        await using var tree = TestTree.Create();
        tree.Write("app.py", "import time\nanswer = 41\nbreakpoint()\nprint('went', 'on', flush=True)\ntime.sleep(1000)\n");
        tree.WriteConfig("""{ "services": { "web": { "tty": true, "command": ["python3", "app.py"] } } }""");
        await tree.StartAsync();
        var pid = (await tree.StatusAsync()).Service("web").Pid;
        await using var terminal = tree.OpenTerminal("attach", "web");

        (await terminal.LineShownAsync("attached to web")).Should().Contain("Ctrl-P Ctrl-Q");
        await terminal.ShownAsync("(Pdb)");
        terminal.Keys("p answer + 1\r");
        await terminal.ShownAsync("\n42");
        terminal.Keys("c\r");
        await terminal.ShownAsync("went on");
        terminal.Keys(Detach);

        (await terminal.ExitAsync()).Should().Match<CommandResult>(it => it.ExitCode == 0 && it.Output.Contains("web goes on", StringComparison.Ordinal));
        (await tree.StatusAsync()).Service("web").Pid.Should().Be(pid);
        (await tree.RunAsync("logs", "web")).Output.Should().Contain("(Pdb)").And.Contain("went on");
    }

    [NeedsFact("/usr/bin/node", "/usr/bin/python3")]
    public async Task The_prompt_of_node_is_a_prompt()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "repl": { "tty": true, "command": ["node"], "ready": { "log": ">" } } } }""");
        await tree.StartAsync();
        await using var terminal = tree.OpenTerminal("attach", "repl");
        await terminal.ShownAsync("> ");

        terminal.Keys("process.stdin.isTTY && 6 * 7\r");

        await terminal.ShownAsync("42");
        terminal.Keys(Detach);
        await terminal.ExitAsync();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task The_window_of_the_server_follows_that_of_the_terminal()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Echo);
        await tree.StartAsync();
        await using var terminal = tree.OpenTerminalAfter("stty cols 101 rows 31", "attach", "web");
        await terminal.ShownAsync("attached to web");

        terminal.Keys("size\r");
        await terminal.ShownAsync("31 101");
        terminal.Resize(90, 20);

        await Wait.UntilAsync(() => { terminal.Keys("size\r"); return terminal.Output.Contains("20 90", StringComparison.Ordinal); }, "the server's window has the new size");
        terminal.Keys(Detach);
        await terminal.ExitAsync();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_typed_interrupt_goes_to_the_server_and_the_attachment_stays_for_the_next_one()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "web": { "tty": true, "ready": { "log": "up" }, "restart": { "policy": "always", "backoff": { "initial": "50ms" } },
              "command": "trap 'echo interrupted; exit 0' INT; echo up $$; while read line; do echo got $line; done" } } }
            """);
        await tree.StartAsync();
        var first = (await tree.StatusAsync()).Service("web");
        await using var terminal = tree.OpenTerminal("attach", "web");
        await terminal.ShownAsync($"up {first.Pid}");

        terminal.Keys(CtrlC);
        await terminal.ShownAsync("interrupted");
        await Wait.UntilAsync(async () => (await tree.StatusAsync()).Service("web") is { State: ServicePhase.Ready } now && now.Generation > first.Generation, "the next server is ready");
        await terminal.ShownAsync($"up {(await tree.StatusAsync()).Service("web").Pid}");
        terminal.Keys("hello\r");

        await terminal.ShownAsync("got hello");
        terminal.Output.Should().Contain("[web] ");
        terminal.Keys(Detach);
        await terminal.ExitAsync();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task Whoever_attaches_sees_the_last_screen_first()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "tty": true, "ready": { "log": "^200$" }, "command": "seq 200; read line" } } }""");
        await tree.StartAsync();
        await using var terminal = tree.OpenTerminalAfter("stty cols 80 rows 24", "attach", "web");

        await terminal.LineShownAsync("200");

        var lines = terminal.Output.Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
        lines.Should().Contain("190").And.NotContain("100");
        terminal.Keys(Detach);
        await terminal.ExitAsync();
    }

    [NeedsTheory("/usr/bin/python3", "stty")]
    [InlineData("detach")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    [InlineData("host")]
    public async Task However_it_ends_the_terminal_is_as_it_was(string way)
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "tty": true, "ready": { "log": "painted" }, "command": "printf '\\033[?1049h\\033[?25lpainted\\n'; read line" } } }""");
        await tree.StartAsync();
        await using var terminal = tree.OpenScript("stty -g > before; \"$0\" attach web; stty -g > after; echo all done");
        await terminal.ShownAsync("attached to web");
        await terminal.ShownAsync("painted");

        switch (way)
        {
            case "detach":
                terminal.Keys(Detach);
                break;
            case "host":
                Kill.Send((await tree.StatusAsync()).Service("web").HostPid!.Value, "KILL");
                break;
            default:
                Kill.Send(TaggedProcesses.Find(tree.Tag).Single(process => process.CommandLine.StartsWith($"{Executables.Supervisor} attach", StringComparison.Ordinal)).Pid, way);
                break;
        }

        await terminal.LineShownAsync("all done");
        terminal.Output.Should().Contain(way == "host" ? "the host of web has died" : "detached; web goes on");
        File.ReadAllText(Path.Combine(tree.Project, "after")).Should().Be(File.ReadAllText(Path.Combine(tree.Project, "before")));
        terminal.Output.Should().MatchRegex(@"\e\[\?1049l(.|\n)*all done", "the other screen is left").And.MatchRegex(@"\e\[\?25h(.|\n)*all done", "the cursor is seen again");
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task The_death_of_the_host_ends_the_attachment_with_a_message()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Echo);
        await tree.StartAsync();
        await using var terminal = tree.OpenTerminal("attach", "web");
        await terminal.ShownAsync("attached to web");

        Kill.Send((await tree.StatusAsync()).Service("web").HostPid!.Value, "KILL");

        var result = await terminal.ExitAsync();
        result.ExitCode.Should().Be((int)ExitCode.Failed);
        result.Output.Should().Contain("the host of web has died").And.Contain("supervisor attach web");
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task The_stop_of_the_tree_ends_the_attachment_in_order()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Echo);
        await tree.StartAsync();
        await using var terminal = tree.OpenTerminal("attach", "web");
        await terminal.ShownAsync("attached to web");

        (await tree.RunAsync("stop")).ExitCode.Should().Be(0);

        (await terminal.ExitAsync()).Should().Match<CommandResult>(it => it.ExitCode == 0 && it.Output.Contains("stopped", StringComparison.Ordinal));
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task The_death_of_the_parent_does_not_disturb_the_attachment()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Echo);
        await tree.StartAsync();
        await using var terminal = tree.OpenTerminal("attach", "web");
        await terminal.ShownAsync("attached to web");

        await Kill.UntilDeadAsync((await tree.StatusAsync()).Tree.ParentPid, "KILL");
        terminal.Keys("hello\r");

        await terminal.ShownAsync("got hello");
        (await tree.RunAsync("start", "-d")).ExitCode.Should().Be(0);
        terminal.Keys("again\r");
        await terminal.ShownAsync("got again");
        terminal.Keys(Detach);
        await terminal.ExitAsync();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_service_that_does_not_run_is_attached_to_before_its_start()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "tty": true, "autostart": false, "command": "read name; echo hello $name; exec sleep 1000" }, "other": { "command": "exec sleep 1000" } } }""");
        await tree.StartAsync();
        await using var terminal = tree.OpenTerminal("attach", "web");
        await terminal.LineShownAsync("web is stopped", "supervisor start web", "Ctrl-C leaves");

        (await tree.RunAsync("start", "web")).ExitCode.Should().Be(0);
        await terminal.LineShownAsync("attached to web");
        await terminal.ShownAsync("started");
        terminal.Keys("Ada\r");

        await terminal.ShownAsync("hello Ada");
        terminal.Keys(Detach);
        await terminal.ExitAsync();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_stopped_service_is_attached_to_for_its_next_start()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Echo);
        await tree.StartAsync();
        (await tree.RunAsync("stop", "web")).ExitCode.Should().Be(0);
        await using var terminal = tree.OpenTerminal("attach", "web");
        await terminal.LineShownAsync("attached to web", "stopped");

        (await tree.RunAsync("start", "web")).ExitCode.Should().Be(0);
        terminal.Keys("hello\r");

        await terminal.ShownAsync("got hello");
        terminal.Keys(Detach);
        await terminal.ExitAsync();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task What_cannot_be_attached_to_says_why_and_what_to_do()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "command": "exec sleep 1000" }, "repl": { "tty": true, "command": "read line" } } }""");
        (await tree.RunInTerminalAsync(80, "attach", "web")).Should().Match<CommandResult>(it => it.ExitCode == (int)ExitCode.NotRunning);
        await tree.StartAsync();

        var plain = await tree.RunInTerminalAsync(80, "attach", "web");
        plain.ExitCode.Should().Be((int)ExitCode.BadUsage);
        plain.Output.ReplaceLineEndings(" ").Should().Contain("web has no terminal").And.Contain("\"tty\": true").And.Contain("supervisor reload");

        (await tree.RunInTerminalAsync(80, "attach", "wbe")).ExitCode.Should().Be((int)ExitCode.NoSuchService);

        var piped = await tree.RunAsync("attach", "repl");
        piped.ExitCode.Should().Be((int)ExitCode.BadUsage);
        piped.Errors.Should().Contain("needs a terminal").And.Contain("supervisor logs -f repl");
    }
}
