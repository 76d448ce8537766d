using System.Text.Json.Nodes;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>What is kept about the end of a server that nobody asked for, and where it is shown.</summary>
public sealed class EvidenceSpecs
{
    private const string Traceback = """
        echo serving page 1
        echo 'Traceback (most recent call last):' >&2
        echo '  File "manage.py", line 22, in <module>' >&2
        echo '    import flask' >&2
        echo "ModuleNotFoundError: No module named 'flask'" >&2
        exit 1

        """;

    private const string Reason = "exited with code 1: ModuleNotFoundError: No module named 'flask'";

    [Fact]
    public async Task Status_shows_the_line_that_matters_and_why_the_whole_output_and_the_files_that_had_changed()
    {
        await using var tree = TestTree.Create();
        tree.Write("app/run.sh", "exec sleep 1000\n");
        tree.WriteConfig(Config("""{ "policy": "never" }"""));
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();

        tree.Write("app/run.sh", Traceback);

        var failed = await control.WaitForAsync(board => board.Service("app").State == ServicePhase.Failed, "it ends with a traceback");
        failed.Service("app").Reason.Should().Be(Reason);
        (await tree.RunAsync("status")).Output.Should().Contain($"app: {Reason}");
        var why = await tree.RunAsync("why", "app");
        why.Output.Should().Contain("| serving page 1").And.Contain("""|   File "manage.py", line 22, in <module>""")
            .And.Contain("| ModuleNotFoundError: No module named 'flask'").And.MatchRegex("changed [0-9.]+m?s before: app/run.sh");
    }

    [Theory]
    [InlineData("start -d")]
    [InlineData("restart app")]
    [InlineData("wait app")]
    public async Task A_command_that_fails_shows_the_last_output_of_the_server(string command)
    {
        await using var tree = TestTree.Create();
        tree.Write("app/run.sh", Traceback);

        // Without a probe a server that takes half a second to die counts as up.
        tree.WriteConfig(Config("""{ "policy": "never" }""", $$""", "ready": { "tcp": {{TestTree.FreePort()}} } """));
        var result = await tree.TryStartAsync();

        if (command != "start -d")
            result = await tree.RunAsync(command.Split(' '));

        result.ExitCode.Should().NotBe(0);
        result.Errors.Should().Contain(Reason).And.Contain("| serving page 1").And.Contain("| Traceback (most recent call last):");
    }

    [Fact]
    public async Task Why_shows_the_peak_memory_of_a_server_that_died()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""{ "services": { "app": { "command": ["{{Executables.Puppet}}", "--leak", "40"] } } }""");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var leaking = await control.WaitForAsync(board => board.Service("app").MemoryBytes > 100_000_000, "it has grown");

        Kill.Send(leaking.Service("app").Pid!.Value, "KILL");

        await control.WaitForAsync(board => board.Service("app").LastExit is { Signal: "SIGKILL" }, "it is dead");
        (await tree.RunAsync("why", "app")).Output.Should().MatchRegex("ended with SIGKILL; .*peak memory [1-9][0-9]+ MB");
    }

    [Fact]
    public async Task Why_shows_the_peak_memory_of_a_server_that_died_before_any_sample()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "app": {
                "command": ["sh", "-c", "x=$(head -c 200000000 /dev/zero | tr '\\0' x); exit 1"], "restart": { "policy": "never" } } } }
            """);

        await tree.TryStartAsync();
        await using var control = await tree.ConnectAsync();
        await control.WaitForAsync(board => board.Service("app").State == ServicePhase.Failed, "it has died");
        (await tree.RunAsync("why", "app")).Output.Should().MatchRegex("ended with exit code 1; .*peak memory [2-9][0-9]{2} MB");
    }

    [Fact]
    public async Task The_next_host_keeps_the_evidence_of_a_server_that_was_killed_with_its_host()
    {
        await using var tree = TestTree.Create();
        tree.Write("app/run.sh", "echo the first words\nexec sleep 1000\n");
        tree.WriteConfig(Config("""{ "policy": "always" }"""));
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        tree.Write("app/run.sh", "echo the last words\nexec sleep 1000\n");
        var before = (await control.WaitForAsync(board => board.Service("app") is { State: ServicePhase.Running, Reloads: 1 }, "it is reloaded")).Service("app");
        await Wait.UntilAsync(async () => (await tree.RunAsync("logs", "app")).Output.Contains("the last words", StringComparison.Ordinal), "it has printed");

        await Wait.UntilAsync(() => Directory.GetFiles(tree.RuntimeFolder, "*.json", SearchOption.AllDirectories).Any(KeepsPeak), "its peak is on disk");

        await Kill.UntilDeadAsync(before.HostPid!.Value, "KILL");

        var after = (await control.WaitForAsync(
            board => board.Service("app") is { State: ServicePhase.Running } app && app.HostPid != before.HostPid, "host and server have restarted")).Service("app");
        after.LastExit!.Reason.Should().Be(ExitKind.Lost);
        var why = await tree.RunAsync("why", "app");
        why.Output.Should().Contain($"its host (process {before.HostPid}) died, and it was killed with it").And.Contain("| the last words")
            .And.MatchRegex("changed [0-9.]+m?s before: app/run.sh").And.Contain($"pid {before.Pid}")
            .And.MatchRegex("peak memory [0-9.]+ [KM]B");
        why.Output.Should().NotContain("the first words", "another server printed them");

        bool KeepsPeak(string path)
        {
            var file = JsonNode.Parse(File.ReadAllText(path));
            return file?["peakMemoryBytes"] is not null && file["server"]?["pid"]?.GetValue<int>() == before.Pid;
        }
    }

    [NeedsFact("/sys/fs/cgroup/memory")]
    public async Task A_child_killed_at_the_memory_limit_of_its_service_is_reported_although_the_main_process_survives()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""
            { "services": { "app": {
                "command": ["sh", "-c", "{{Executables.Puppet}} --leak 400 & while :; do sleep 1; done"],
                "limits": { "memory": "100MB" }, "restart": { "policy": "never" } } } }
            """);
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();

        var failed = await control.WaitForAsync(board => board.Service("app").State == ServicePhase.Failed, "its kill is noticed");

        failed.Service("app").Reason.Should().Contain("one of its processes was killed at its memory limit of 100 MB (limits.memory)");
        (await tree.RunAsync("why", "app")).Output.Should().Contain("oom; ended with SIGKILL");
    }

    private static string Config(string restart, string more = "") =>
        $$"""{ "services": { "app": { "command": ["sh", "app/run.sh"], "watch": { "paths": ["app"] }, "restart": {{restart}}{{more}} } } }""";
}
