using System.Globalization;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A server that has a terminal of its own.</summary>
public sealed class TtySpecs
{
    [Fact]
    public async Task A_server_finds_its_terminal_at_its_three_streams_and_as_dev_tty()
    {
        await using var tree = TestTree.Create();
        (tree["TERM"], tree["COLUMNS"], tree["LINES"]) = (null, null, null);
        tree.WriteConfig("""
            { "services": { "web": { "tty": true, "ready": { "log": "^all of them$" },
              "command": "stty size; echo term=$TERM columns=$COLUMNS; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && : > /dev/tty && echo all of them >&2; exec sleep 1000" } } }
            """);

        await tree.StartAsync();

        var lines = await ServerLinesAsync(tree, "web");
        lines.Should().Equal(["stdout F 24 80", "stdout F term=xterm-256color columns=", "stdout F all of them"], "the log has no carriage returns");
    }

    [Fact]
    public async Task The_terminal_that_started_the_tree_names_its_type_and_the_window()
    {
        await using var tree = TestTree.Create();
        (tree["TERM"], tree["COLUMNS"], tree["LINES"]) = ("screen", "120", "40");
        tree.WriteConfig("""{ "services": { "web": { "tty": true, "command": "stty size; echo term=$TERM columns=$COLUMNS done; exec sleep 1000", "ready": { "log": "done" } } } }""");

        await tree.StartAsync();

        (await ServerLinesAsync(tree, "web")).Should().Equal("stdout F 40 120", "stdout F term=screen columns= done");
        var shown = (await tree.RunAsync("env", "web")).Output;
        shown.Should().MatchRegex(@"shell +TERM=screen").And.NotContain("COLUMNS=").And.NotContain(" LINES=");
    }

    [Fact]
    public async Task The_last_words_of_a_server_are_in_the_log_and_its_terminal_is_closed_with_it()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "tty": true, "command": "trap 'printf last; exit 0' TERM; echo up; while :; do sleep 0.05; done", "ready": { "log": "up" } } } }""");
        await tree.StartAsync();
        var host = (await tree.StatusAsync()).Service("web").HostPid!.Value;
        var before = Descriptors(host);
        Terminals(host).Should().Be(1);

        for (var i = 0; i < 3; i++)
            (await tree.RunAsync("restart", "web")).ExitCode.Should().Be(0);

        // Of the job that the group's signal has ended, the shell says so.
        (await ServerLinesAsync(tree, "web")).Where(line => line != "stdout F Terminated").Should().Equal(Enumerable.Repeat<string[]>(["stdout F up", "stdout F last"], 3).SelectMany(lines => lines).Append("stdout F up"));
        await Wait.UntilAsync(() => Descriptors(host) == before, "the terminals of the earlier servers are closed");
    }

    [Fact]
    public async Task The_stop_of_a_server_with_jobs_of_its_own_leaves_nothing()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "web": { "tty": true, "stop": { "grace": "200ms" }, "ready": { "log": "up" },
              "command": "set -m; trap '' TERM HUP; sleep 1001 & setsid sleep 1002 & (sleep 1003 &) ; echo up; while :; do sleep 0.05; done" } } }
            """);
        await tree.StartAsync();

        (await tree.RunAsync("stop", "web")).ExitCode.Should().Be(0);

        TaggedProcesses.Find(tree.Tag).Should().NotContain(process => process.CommandLine.StartsWith("sleep", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_death_of_the_host_hangs_the_terminal_up()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "web": { "tty": true, "ready": { "log": "up" }, "restart": { "policy": "never" },
              "command": "trap ': > hungup; exit 0' HUP; echo up; while :; do sleep 0.05; done" } } }
            """);
        await tree.StartAsync();
        var status = await tree.StatusAsync();

        // Without a parent nobody kills the server.
        Kill.Send(status.Tree.ParentPid, "KILL");
        Kill.Send(status.Service("web").HostPid!.Value, "KILL");

        await Wait.UntilAsync(() => File.Exists(Path.Combine(tree.Project, "hungup")), "the server was told");
        await Wait.UntilAsync(() => TaggedProcesses.Find(tree.Tag).Count == 0, "it has ended by itself");
    }

    /// <summary>What the server printed, as in the log file without the times.</summary>
    private static async Task<string[]> ServerLinesAsync(TestTree tree, string service)
    {
        var file = Directory.EnumerateFiles(tree.StateBase, $"{service}.log", SearchOption.AllDirectories).Single();
        string[] lines = [];
        await Wait.UntilAsync(() => (lines = File.ReadAllText(file).Split('\n')).Length > 1, "the log file has lines");
        return [.. lines.Where(line => line.Length > 0).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Where(line => !line.StartsWith("host ", StringComparison.Ordinal))];
    }

    private static int Descriptors(int pid) => Directory.GetFiles(Folder(pid)).Length;

    private static int Terminals(int pid) => Directory.GetFiles(Folder(pid)).Count(file => new FileInfo(file).LinkTarget is "/dev/ptmx" or "/dev/pts/ptmx");

    private static string Folder(int pid) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd");
}
