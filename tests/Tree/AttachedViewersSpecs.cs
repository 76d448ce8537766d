using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Several people at the terminal of one server, and what rests meanwhile.</summary>
public sealed class AttachedViewersSpecs
{
    private const string CtrlC = "\x03";
    private const string Detach = "\x10\x11";
    private const string Echo = """{ "services": { "web": { "tty": true, "ready": { "log": "up" }, "command": "stty -echo; echo up; while read line; do echo got $line; done" } } }""";

    [NeedsFact("/usr/bin/python3")]
    public async Task Two_see_the_server_one_types_and_the_other_follows_when_the_first_has_left()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Echo);
        await tree.StartAsync();
        await using var first = tree.OpenTerminal("attach", "web");
        await first.ShownAsync("attached to web");
        await using var second = tree.OpenTerminal("attach", "web");
        (await second.LineShownAsync("looking at web")).Should().MatchRegex(@"process \d+ types");

        second.Keys("ignored\r");
        first.Keys("one\r");
        await first.ShownAsync("got one");
        await second.ShownAsync("got one");
        first.Keys(Detach);
        await first.ExitAsync();
        await second.LineShownAsync("you type now");
        second.Keys("two\r");

        await second.ShownAsync("got two");
        second.Output.Should().NotContain("got ignored");
        second.Keys(Detach);
        await second.ExitAsync();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_viewer_that_is_killed_leaves_the_host_and_the_server_and_the_next_one_types()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Echo);
        await tree.StartAsync();
        var before = (await tree.StatusAsync()).Service("web");

        for (var round = 1; round <= 5; round++)
        {
            await using var viewer = tree.OpenTerminal("attach", "web");
            await viewer.ShownAsync("attached to web");
            viewer.Keys($"round {round}\r");
            await viewer.ShownAsync($"got round {round}");

            var process = TaggedProcesses.Find(tree.Tag).Single(it => it.CommandLine.StartsWith($"{Executables.Supervisor} attach", StringComparison.Ordinal));
            await Kill.UntilDeadAsync(process.Pid, "KILL");
            await viewer.ExitAsync();
        }

        (await tree.StatusAsync()).Service("web").Should().BeEquivalentTo(new { before.Pid, before.HostPid, before.Generation });
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task Who_only_looks_never_types_and_leaves_by_an_interrupt()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Echo);
        await tree.StartAsync();
        await using var viewer = tree.OpenTerminal("attach", "--read-only", "web");
        await viewer.LineShownAsync("looking at web", "Ctrl-C leaves");
        viewer.Keys("ignored\r");
        await using var typist = tree.OpenTerminal("attach", "web");
        await typist.ShownAsync("attached to web");
        typist.Keys("one\r");
        await viewer.ShownAsync("got one");

        viewer.Keys(CtrlC);

        (await viewer.ExitAsync()).ExitCode.Should().Be(0);
        viewer.Output.Should().NotContain("got ignored");
        typist.Keys("two\r");
        await typist.ShownAsync("got two");
        typist.Keys(Detach);
        await typist.ExitAsync();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_window_that_hangs_blocks_neither_the_server_nor_the_other_viewer_and_is_told_what_it_missed()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "web": { "tty": true, "ready": { "log": "up" },
              "command": "stty -echo; echo up; while read line; do case $line in flood) yes $(printf %0200d 7) | head -n 60000; echo flooded;; *) echo got $line;; esac; done" } } }
            """);
        await tree.StartAsync();
        await using var typist = tree.OpenTerminal("attach", "web");
        await typist.ShownAsync("attached to web");
        await using var hung = tree.OpenTerminal("attach", "web");
        await hung.ShownAsync("looking at web");
        hung.Freeze();

        typist.Keys("flood\r");
        await typist.ShownAsync("flooded");
        typist.Keys("on\r");
        await typist.ShownAsync("got on");

        hung.Thaw();
        await hung.ShownAsync("got on");
        hung.Output.Should().MatchRegex(@"\[web\] ! \d+ KiB of output were not shown");
        hung.Keys(CtrlC);
        await hung.ExitAsync();
        typist.Keys(Detach);
        await typist.ExitAsync();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task While_somebody_may_type_the_health_of_the_server_is_not_asked()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "web": { "tty": true, "ready": { "log": "up" }, "health": { "exec": "echo asked >> asked; [ ! -e ill ]", "interval": "100ms", "failures": 2 },
              "command": "echo up; read line" } } }
            """);
        await tree.StartAsync();
        var asked = Path.Combine(tree.Project, "asked");
        await Wait.UntilAsync(() => File.Exists(asked), "its health is asked");
        await using var terminal = tree.OpenTerminal("attach", "web");
        await terminal.ShownAsync("attached to web");
        tree.Write("ill", "");

        // Probes rest one interval after another: two readings of the file that are seconds of probes apart are the same.
        var before = 0L;
        await Wait.UntilAsync(async () =>
        {
            var (earlier, now) = (before, new FileInfo(asked).Length);
            before = now;
            await tree.RunAsync("status");
            await tree.RunAsync("status");
            return earlier == now;
        }, "the probes rest");
        (await tree.StatusAsync()).Service("web").State.Should().Be(ServicePhase.Ready);
        terminal.Keys(Detach);
        await terminal.ExitAsync();

        await Wait.UntilAsync(async () => (await tree.StatusAsync()).Service("web").State == ServicePhase.Unhealthy, "the probes go on");
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_server_at_a_breakpoint_before_it_is_ready_is_not_late_while_somebody_may_type()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "web": { "tty": true, "ready": { "log": "up", "timeout": "1s" }, "restart": { "policy": "never" },
              "command": "if [ -e slow ]; then : > began; read line; fi; echo up $line; exec sleep 1000" } } }
            """);
        await tree.StartAsync();
        await using var terminal = tree.OpenTerminal("attach", "web");
        await terminal.ShownAsync("attached to web");
        tree.Write("slow", "");
        await using var starting = tree.Begin("restart", "web");
        await Wait.UntilAsync(() => File.Exists(Path.Combine(tree.Project, "began")), "it has begun");
        await Wait.UntilAsync(() => DateTime.UtcNow - File.GetLastWriteTimeUtc(Path.Combine(tree.Project, "began")) > TimeSpan.FromSeconds(3), "three times its timeout has passed");

        terminal.Keys("late\r");

        await terminal.ShownAsync("up late");
        (await starting.FinishAsync(Wait.DefaultTimeout)).ExitCode.Should().Be(0);
        (await tree.StatusAsync()).Service("web").State.Should().Be(ServicePhase.Ready);
        terminal.Keys(Detach);
        await terminal.ExitAsync();
    }
}
