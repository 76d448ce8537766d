using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A command in one text: whether a shell stays above the server or not, signals reach the server, and its end is told as its own.</summary>
public sealed class StringCommandSpecs
{
    private const string Server = """
        import os, signal, time
        signal.signal(signal.SIGHUP, lambda *_: print("told", os.getpid(), flush=True))
        print("listening", os.getpid(), flush=True)
        while True:
            time.sleep(60)

        """;

    [NeedsFact("python3")]
    public async Task A_simple_command_is_the_services_own_process_and_reloads_by_its_signal()
    {
        await using var tree = await StartedAsync("PYTHONHASHSEED=0 python3 app/server.py # reloads by itself");
        var before = (await tree.StatusAsync()).Service("app");

        await SaveAsync(tree);

        await Wait.UntilAsync(async () => (await LogsAsync(tree)).Contains($"told {before.Pid}", StringComparison.Ordinal), "the server reports the signal");
        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(new { before.Pid, Generation = 1, Restarts = 0 });
    }

    [NeedsTheory("python3")]
    [InlineData("cd app && python3 server.py")]
    [InlineData("cd app; python3 server.py | cat")]
    [InlineData("sleep 1000 & (cd app && python3 server.py; echo over)")]
    public async Task A_signal_goes_to_the_server_under_the_shell_and_ends_neither(string command)
    {
        await using var tree = await StartedAsync(command);
        var before = (await tree.StatusAsync()).Service("app");
        var server = await ServerAsync(tree);

        await SaveAsync(tree);
        await Wait.UntilAsync(async () => (await LogsAsync(tree)).Contains($"told {server}", StringComparison.Ordinal), "the server reports the signal");
        await SaveAsync(tree);
        await Wait.UntilAsync(async () => Regex.Count(await LogsAsync(tree), $"told {server}") >= 2, "it reports the next one");

        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(new { before.Pid, Generation = 1, Restarts = 0 });
        (await LogsAsync(tree)).Should().NotContain("over").And.NotContain("Hangup");
    }

    [NeedsFact("python3")]
    public async Task The_end_of_a_killed_server_under_a_shell_is_told_as_its_own()
    {
        await using var tree = await StartedAsync("cd app && python3 server.py", """ "restart": { "policy": "never" } """);
        await using var control = await tree.ConnectAsync();

        Kill.Send(await ServerAsync(tree), "KILL");

        var failed = (await control.WaitForAsync(board => board.Service("app").State == ServicePhase.Failed, "its death is noticed")).Service("app");
        failed.Reason.Should().Be("killed by SIGKILL");
        failed.LastExit.Should().BeEquivalentTo(new { Reason = ExitKind.Signal, Code = (int?)null, Signal = "SIGKILL" });
        (await tree.RunAsync("why", "app")).Output.Should().Contain("ended with SIGKILL").And.NotContain("137");
    }

    [NeedsFact("/sys/fs/cgroup/memory")]
    public async Task A_server_under_a_shell_that_is_killed_at_its_memory_limit_is_told_as_that()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""
            { "services": { "app": { "command": "cd . && {{Executables.Puppet}} --leak 400", "limits": { "memory": "100MB" }, "restart": { "policy": "never" } } } }
            """);

        // It may die before the start has ended, or after it.
        await tree.TryStartAsync();
        await using var control = await tree.ConnectAsync();

        var failed = await control.WaitForAsync(board => board.Service("app").State == ServicePhase.Failed, "its kill is noticed");

        failed.Service("app").Reason.Should().Be("was killed at its memory limit of 100 MB (limits.memory)");
    }

    [Fact]
    public async Task An_exit_code_above_128_of_a_server_without_a_shell_stays_an_exit_code()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""
            { "services": {
              "list": { "command": ["{{Executables.Puppet}}", "--exit-after", "0ms", "--exit-code", "137"], "restart": { "policy": "never" } },
              "text": { "command": "{{Executables.Puppet}} --exit-after 0ms --exit-code 137", "restart": { "policy": "never" } },
              "last": { "command": "cd . && exec {{Executables.Puppet}} --exit-after 0ms --exit-code 137", "restart": { "policy": "never" } } } }
            """);
        await tree.TryStartAsync();
        await using var control = await tree.ConnectAsync();

        var failed = await control.WaitForAsync(board => board.Services.All(service => service.State == ServicePhase.Failed), "all have ended");

        failed.Services.Select(service => service.Reason).Should().AllBe("exited with code 137");
    }

    [NeedsTheory("python3")]
    [InlineData("python3 app/server.py")]
    [InlineData("cd app && python3 server.py")]
    public async Task A_server_that_ends_when_it_is_asked_to_is_told_as_stopped_and_not_as_killed(string command)
    {
        await using var tree = await StartedAsync(command);

        (await tree.RunAsync("stop", "app")).ExitCode.Should().Be(0);

        (await tree.RunAsync("why", "app")).Output.Should().MatchRegex("stopped +manual; ended as asked \\(SIGTERM\\); pid").And.NotContain("killed");
        (await LogsAsync(tree)).Should().MatchRegex("(?m)stopped$").And.NotContain("killed");
    }

    [Fact]
    public async Task A_server_that_does_not_end_when_it_is_asked_to_is_told_as_killed_with_the_reason()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""
            { "services": {
              "deaf": { "command": ["{{Executables.Puppet}}", "--port", "0", "--ignore-sigterm"], "ready": { "log": "listening" }, "stop": { "grace": "300ms" } },
              "rude": { "command": ["sh", "-c", "trap 'exit 3' TERM; echo listening; while :; do sleep 0.05; done"], "ready": { "log": "listening" } } } }
            """);
        await tree.StartAsync();

        (await tree.RunAsync("stop", "deaf", "rude")).ExitCode.Should().Be(0);

        (await tree.RunAsync("why", "deaf")).Output.Should().MatchRegex("stopped +manual; ended with SIGKILL; did not end within 300 ms of SIGTERM and was killed");
        (await tree.RunAsync("why", "rude")).Output.Should().MatchRegex("stopped +manual; ended with exit code 3; exited with code 3");
    }

    [NeedsFact("python3")]
    public async Task A_server_under_a_shell_has_the_whole_grace_period_to_end()
    {
        await using var tree = TestTree.Create();
        tree.Write("app/server.py", """
            import signal, sys, time
            def end(*_):
                time.sleep(2.5)
                print("saved everything", flush=True)
                sys.exit(0)
            signal.signal(signal.SIGTERM, end)
            print("listening", flush=True)
            while True:
                time.sleep(60)

            """);
        tree.WriteConfig("""
            { "services": { "app": { "command": "cd app && python3 server.py", "ready": { "log": "listening" }, "stop": { "grace": "60s" } } } }
            """);
        await tree.StartAsync();

        (await tree.RunAsync("stop", "app")).ExitCode.Should().Be(0);

        (await LogsAsync(tree)).Should().Contain("saved everything");
        (await tree.RunAsync("why", "app")).Output.Should().Contain("ended as asked");
    }

    private static async Task<TestTree> StartedAsync(string command, string? more = null, [CallerMemberName] string test = "")
    {
        var tree = TestTree.Create(test);
        tree.Write("app/server.py", Server);
        tree.Write("app/page.txt", "first");
        tree.WriteConfig($$"""
            { "services": { "app": {
                "command": "{{command}}", "watch": { "paths": ["app/page.txt"], "onChange": "signal:HUP" }, "ready": { "log": "listening" }{{(more is null ? "" : ", " + more)}} } } }
            """);

        try
        {
            await tree.StartAsync();
            return tree;
        }
        catch
        {
            await tree.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every content is new.</summary>
    private static async Task SaveAsync(TestTree tree)
    {
        tree.Write("app/page.txt", Guid.NewGuid().ToString());
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
    }

    private static async Task<int> ServerAsync(TestTree tree) =>
        int.Parse(Regex.Match(await LogsAsync(tree), "listening ([0-9]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> LogsAsync(TestTree tree) => (await tree.RunAsync("logs", "app")).Output;
}
