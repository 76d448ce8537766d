using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Crashing servers in a real tree. Unit tests check the rules themselves in virtual time.</summary>
public sealed class CrashSpecs
{
    [Fact]
    public async Task A_server_that_always_crashes_ends_in_a_crash_loop_and_leaves_it_by_command_and_by_a_change()
    {
        await using var tree = TestTree.Create();
        tree.Write("app/run.sh", "echo starting\nexit 3\n");
        tree.WriteConfig("""
            { "services": { "app": {
                "command": ["sh", "app/run.sh"], "watch": { "paths": ["app"] },
                "restart": { "backoff": { "initial": "100ms", "max": "1s" } } } } }
            """);
        await tree.TryStartAsync();
        await using var control = await tree.ConnectAsync();

        var down = await control.WaitForAsync(board => board.Service("app").State == ServicePhase.CrashLoop, "the crash loop is seen");
        down.Service("app").Should().BeEquivalentTo(
            new { Generation = 5, Restarts = 4, Pid = (int?)null }, "{0}\n{1}", (await tree.RunAsync("why", "app")).Output, tree.Logs());
        down.Service("app").LastExit.Should().BeEquivalentTo(new { Reason = ExitKind.Exit, Code = 3 });
        (await tree.RunAsync("status")).ExitCode.Should().Be((int)ExitCode.Unhealthy);
        var why = await tree.RunAsync("why", "app");
        why.Output.Should().Contain("crash-loop");

        await tree.RunAsync("restart", "app");
        var again = await control.WaitForAsync(
            board => board.Service("app") is { State: ServicePhase.CrashLoop, Generation: 10 }, "a command forgives: five more starts");
        again.Service("app").Generation.Should().Be(10);

        tree.Write("app/run.sh", "echo fixed\nexec sleep 1000\n");
        await control.WaitForAsync(board => board.Service("app").State == ServicePhase.Running, "the change gives it another start");
    }

    [Fact]
    public async Task A_restart_requested_in_a_backoff_is_validated_to_the_end_and_answered_with_the_new_server()
    {
        await using var tree = TestTree.Create();
        tree.Write("app/run.sh", "test -e ../valid && exec sleep 1000\nexit 3\n");
        tree.Write("app/check.sh", "touch ../checking\nuntil test -e ../valid; do sleep 0.05; done\n");
        tree.WriteConfig("""
            { "services": { "app": {
                "command": ["sh", "run.sh"], "cwd": "app", "watch": { "paths": ["app"] },
                "validate": { "command": ["sh", "check.sh"], "timeout": "60s" },
                "restart": { "backoff": { "initial": "2s", "max": "2s" } } } } }
            """);
        tree.Write("valid", "");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        File.Delete(Path.Combine(tree.Project, "valid"));
        File.Delete(Path.Combine(tree.Project, "checking"));
        Kill.Send((await control.StatusAsync()).Service("app").Pid!.Value, "SEGV");
        var crashed = (await control.WaitForAsync(board => board.Service("app").State == ServicePhase.Backoff, "it waits for its next start")).Service("app");

        // By the pipe: a command may take longer to begin than the backoff.
        var restarted = control.CallAsync(it => it.RestartAsync(["app"]));
        await Wait.UntilAsync(() => File.Exists(Path.Combine(tree.Project, "checking")), "the validation runs");

        // The automatic start is due within 2 s of the crash: this time is the subject of the test.
        await Task.Delay(TimeSpan.FromSeconds(3), CancellationToken.None);
        tree.Write("valid", "");

        var answer = (await restarted).Services.Should().ContainSingle().Which;
        answer.Succeeded.Should().BeTrue("{0}\n{1}", answer.Message, tree.Logs());
        var after = (await control.StatusAsync()).Service("app");
        after.Should().BeEquivalentTo(new { State = ServicePhase.Running, Generation = crashed.Generation + 1 });
        answer.Message.Should().Contain($"{after.Pid}");
        var ledger = (await control.CallAsync(it => it.WhyAsync("app", 100))).Entries;
        ledger[^1].Should().BeEquivalentTo(new { Event = "started", Cause = "manual" });
    }

    [Fact]
    public async Task A_server_killed_from_outside_is_recovered_and_its_exit_is_reported_exactly()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "app": { "command": ["sleep", "1000"] } } }""");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var before = (await control.StatusAsync()).Service("app");

        Kill.Send(before.Pid!.Value, "SEGV");

        var after = (await control.WaitForAsync(
            board => board.Service("app") is { State: ServicePhase.Running, Generation: 2 }, "the server is back")).Service("app");
        after.LastExit.Should().BeEquivalentTo(new { Reason = ExitKind.Signal, Signal = "SIGSEGV" });
        after.Should().BeEquivalentTo(new { Restarts = 1, Reloads = 0, before.HostPid });
        await TaggedProcesses.ReapedByAsync(before.HostPid!.Value);
    }

    [Fact]
    public async Task After_the_kill_of_a_host_its_server_ends_both_restart_and_no_other_service_is_affected()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        var still = new TestService(tree, "still");
        tree.WriteConfig($$"""{ "services": { {{app.Entry("--double-fork")}}, {{still.Entry()}} } }""");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var before = await control.StatusAsync();

        await Kill.UntilDeadAsync(before.Service("app").HostPid!.Value, "KILL");

        var after = await control.WaitForAsync(
            board => board.Service("app") is { State: ServicePhase.Ready } app && app.HostPid != before.Service("app").HostPid, "host and server have restarted");
        TaggedProcesses.IsAlive(before.Service("app").Pid!.Value).Should().BeFalse("the old server was killed with its host");
        after.Service("still").Should().BeEquivalentTo(new { before.Service("still").Pid, before.Service("still").HostPid, Generation = 1 });
        await TaggedProcesses.ReapedByAsync(before.Tree.ParentPid);
    }

    [Fact]
    public async Task A_port_held_by_another_process_blocks_the_service_which_names_it_and_starts_once_the_port_is_free()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        int stranger;
        await using (var holder = Command.Start(
            Executables.Puppet, ["--port", $"{app.Port}"], tree.Project, new Dictionary<string, string?>(StringComparer.Ordinal)))
        {
            stranger = holder.Pid;
            await Wait.UntilAsync(app.AnswersAsync, "the other process listens");
            (await tree.RunAsync("start", "-d")).ExitCode.Should().Be((int)ExitCode.Failed);
            var blocked = (await tree.StatusAsync()).Service("app");
            blocked.State.Should().Be(ServicePhase.Blocked);
            blocked.Reason.Should().Contain($"{stranger}").And.Contain("puppet");
            (await app.AnswersAsync()).Should().BeTrue("a stranger is never killed");
        }

        await using var control = await tree.ConnectAsync();
        var ready = await control.WaitForAsync(board => board.Service("app").State == ServicePhase.Ready, "it starts by itself");
        ready.Service("app").Should().BeEquivalentTo(new { Restarts = 0, Generation = 1 }, "being blocked does not count as a failure");
    }
}
