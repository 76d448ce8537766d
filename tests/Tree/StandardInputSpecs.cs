using System.Globalization;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>What a server finds at its standard input.</summary>
public sealed class StandardInputSpecs
{
    /// <summary>Reads its input to the end; the file shows that the end came.</summary>
    private const string ReadsToTheEnd = """{ "services": { "web": { "command": "echo reads; cat > read; : > ended", "ready": { "log": "reads" }, "restart": { "policy": "never" } } } }""";

    [NeedsFact("/usr/bin/node")]
    public async Task A_builder_that_ends_with_its_input_goes_on()
    {
        await using var tree = TestTree.Create();
        tree.Write("watch.js", "process.stdin.on('end', () => process.exit(0)).resume(); setTimeout(() => console.log('watches'), 500); setInterval(() => {}, 1000);\n");
        tree.WriteConfig("""{ "services": { "css": { "command": ["node", "watch.js"], "ready": { "log": "watches" } } } }""");

        await tree.StartAsync();

        (await tree.StatusAsync()).Service("css").State.Should().Be(ServicePhase.Ready);
    }

    [Fact]
    public async Task With_null_the_end_of_the_input_comes_at_once()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "command": "cat; echo ended; exec sleep 1000", "stdin": "null", "ready": { "log": "ended" } } } }""");

        await tree.StartAsync();

        (await tree.StatusAsync()).Service("web").State.Should().Be(ServicePhase.Ready);
    }

    [Fact]
    public async Task A_question_is_shown_and_its_server_waits_without_an_answer()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "asks": { "command": "printf 'Name? '; read name; echo went on" } } }""");
        await using var terminal = tree.OpenTerminal("start");

        await terminal.ShownAsync("Name? ");

        terminal.Output.Should().NotContain("went on");
        await terminal.EndAsync();
    }

    [Fact]
    public async Task The_input_is_open_in_the_server_and_its_host_only_and_leaves_nothing_after_a_restart()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "command": "exec sleep 1000" }, "other": { "command": "exec sleep 1000" } } }""");
        await tree.StartAsync();
        var first = (await tree.StatusAsync()).Service("web");
        var before = Pipes(first.HostPid!.Value).Length;

        (await tree.RunAsync("restart", "other")).ExitCode.Should().Be(0);
        (await tree.RunAsync("restart", "web")).ExitCode.Should().Be(0);
        (await tree.RunAsync("restart", "web")).ExitCode.Should().Be(0);

        var web = (await tree.StatusAsync()).Service("web");
        var input = Link(web.Pid!.Value, "0");
        input.Should().StartWith("pipe:");
        TaggedProcesses.Find(tree.Tag).Select(process => process.Pid).Where(pid => Pipes(pid).Contains(input, StringComparer.Ordinal))
            .Should().BeEquivalentTo([web.Pid.Value, web.HostPid!.Value]);
        await Wait.UntilAsync(() => Pipes(web.HostPid.Value).Length == before, "the pipes of the earlier servers are closed");
    }

    [Fact]
    public async Task The_death_of_the_host_ends_the_input()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(ReadsToTheEnd);
        await tree.StartAsync();
        var status = await tree.StatusAsync();

        // Without a parent nobody kills the server.
        Kill.Send(status.Tree.ParentPid, "KILL");
        Kill.Send(status.Service("web").HostPid!.Value, "KILL");

        await Wait.UntilAsync(() => File.Exists(Path.Combine(tree.Project, "ended")), "the server has read the end of its input");
        await Wait.UntilAsync(() => TaggedProcesses.Find(tree.Tag).Count == 0, "it has ended by itself");
    }

    private static string[] Pipes(int pid) =>
        [.. Directory.GetFiles($"/proc/{pid}/fd").Select(file => Link(pid, Path.GetFileName(file))).Where(link => link.StartsWith("pipe:", StringComparison.Ordinal))];

    private static string Link(int pid, string descriptor) =>
        new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd/{descriptor}")).LinkTarget ?? "";
}
