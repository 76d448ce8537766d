using System.Diagnostics;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary><c>stop.command</c>: a service that is stopped by a command of its own.</summary>
public sealed class StopCommandSpecs
{
    private const string IgnoresSignals = "trap '' TERM; while ! [ -e over ]; do sleep 0.05; done; echo bye";

    [Fact]
    public async Task A_stop_command_ends_the_service_and_its_output_is_in_the_log()
    {
        await using var tree = TestTree.Create();
        Directory.CreateDirectory(Path.Combine(tree.Project, "site"));
        tree.WriteConfig($$"""
            { "services": { "web": {
                "command": "{{IgnoresSignals}}", "cwd": "site", "env": { "WORD": "please" },
                "stop": { "command": "echo $WORD end $SUPERVISOR_PID; touch over", "grace": "60s" } } } }
            """);
        await tree.StartAsync();
        var pid = (await tree.StatusAsync()).Service("web").Pid;

        var stopped = await tree.RunAsync("stop", "web");

        stopped.ExitCode.Should().Be(0, "{0}", stopped);
        (await tree.StatusAsync()).Service("web").State.Should().Be(ServicePhase.Stopped);
        (await tree.RunAsync("logs", "web")).Output.Should().Contain($"please end {pid}").And.Contain("bye");
        (await tree.RunAsync("why", "web")).Output.Should().NotContain("killed");
    }

    [Fact]
    public async Task A_service_that_its_stop_command_does_not_end_in_time_gets_the_signal_and_the_command_is_killed()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "web": {
                "command": "trap 'echo got the signal; exit 0' TERM; while :; do sleep 0.05; done",
                "stop": { "command": "echo trying; sleep 1000", "grace": "500ms" } } } }
            """);
        await tree.StartAsync();

        var stopped = await tree.RunAsync("stop", "web");

        stopped.ExitCode.Should().Be(0, "{0}", stopped);
        (await tree.RunAsync("logs", "web")).Output.Should().Contain("trying").And.Contain("got the signal");
        (await tree.RunAsync("why", "web")).Output.Should().Contain("its stop command did not end within 500 ms and was killed");
    }

    [Fact]
    public async Task A_service_that_outlives_its_stop_command_gets_the_signal_after_the_grace_period()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "web": {
                "command": "trap 'echo got the signal; exit 0' TERM; while :; do sleep 0.05; done", "stop": { "command": ["true"], "grace": "500ms" } } } }
            """);
        await tree.StartAsync();

        var stopped = await tree.RunAsync("stop", "web");

        stopped.ExitCode.Should().Be(0, "{0}", stopped);
        (await tree.RunAsync("logs", "web")).Output.Should().Contain("got the signal");
        (await tree.RunAsync("why", "web")).Output.Should().Contain("it still ran 500 ms after its stop command began");
    }

    [Theory]
    [InlineData("\"echo no such container >&2; exit 3\"", "its stop command exited with code 3: no such container")]
    [InlineData("[\"no-such-program\"]", "its stop command could not be started: The program no-such-program was not found")]
    public async Task A_stop_command_that_fails_is_told_and_the_signal_follows_at_once(string command, string told)
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""{ "services": { "web": { "command": ["sleep", "1000"], "stop": { "command": {{command}}, "grace": "100s" } } } }""");
        await tree.StartAsync();
        var since = Stopwatch.StartNew();

        var stopped = await tree.RunAsync("stop", "web");

        stopped.ExitCode.Should().Be(0, "{0}", stopped);
        since.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(90), "nothing is waited for");
        (await tree.RunAsync("why", "web")).Output.Should().Contain(told);
        (await tree.RunAsync("logs", "web")).Output.Should().Contain(told);
    }

    [Fact]
    public async Task What_a_completed_task_has_started_is_stopped_by_its_stop_command()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": {
                "containers": { "command": "touch up", "stop": { "command": "echo taking down $SUPERVISOR_SERVICE; rm up" } },
                "web": {
                  "command": "trap '[ -e up ] && touch web-was-first; exit 0' TERM; while :; do sleep 0.05; done", "dependsOn": { "containers": "completed" } } } }
            """);
        await tree.StartAsync();
        File.Exists(Path.Combine(tree.Project, "up")).Should().BeTrue();
        (await tree.StatusAsync()).Service("containers").State.Should().Be(ServicePhase.Completed);

        var stopped = await tree.RunAsync("stop", "containers");

        stopped.ExitCode.Should().Be(0, "{0}", stopped);
        File.Exists(Path.Combine(tree.Project, "up")).Should().BeFalse("it was stopped");
        (await tree.StatusAsync()).Service("containers").State.Should().Be(ServicePhase.Stopped);
        (await tree.RunAsync("logs", "containers")).Output.Should().Contain("taking down containers");

        (await tree.RunAsync("start", "containers")).ExitCode.Should().Be(0);
        File.Exists(Path.Combine(tree.Project, "up")).Should().BeTrue();
        (await tree.RunAsync("stop")).ExitCode.Should().Be(0);
        File.Exists(Path.Combine(tree.Project, "up")).Should().BeFalse("the tree was stopped");
        File.Exists(Path.Combine(tree.Project, "web-was-first")).Should().BeTrue("dependants stop first");
    }

    [Fact]
    public async Task A_restart_and_a_change_run_the_stop_command_of_a_completed_task_before_the_task()
    {
        await using var tree = TestTree.Create();
        var story = Path.Combine(tree.Project, "story");
        tree.Write("compose/compose.yaml", "one");
        tree.WriteConfig("""
            { "services": { "containers": {
                "command": "echo start >> story", "watch": { "paths": ["compose"] }, "stop": { "command": "echo stop >> story" } } } }
            """);
        await tree.StartAsync();

        var restarted = await tree.RunAsync("restart", "containers");

        restarted.ExitCode.Should().Be(0, "{0}", restarted);
        (await File.ReadAllLinesAsync(story)).Should().Equal("start", "stop", "start");
        await tree.WaitForOlderTimestampsAsync();
        tree.Write("compose/compose.yaml", "two");
        await using (var control = await tree.ConnectAsync())
            await control.WaitForAsync(now => now.Service("containers") is { State: ServicePhase.Completed, Generation: 3 }, "the change runs it again");

        (await File.ReadAllLinesAsync(story)).Should().Equal("start", "stop", "start", "stop", "start");
        (await tree.RunAsync("stop")).ExitCode.Should().Be(0);
        (await File.ReadAllLinesAsync(story)).Should().Equal("start", "stop", "start", "stop", "start", "stop");
    }

    [Fact]
    public async Task What_a_completed_task_has_started_is_stopped_although_its_host_has_died()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "containers": { "command": "touch up", "stop": { "command": "rm up" } } } }""");
        await tree.StartAsync();
        var host = (await tree.StatusAsync()).Service("containers").HostPid!.Value;
        await Kill.UntilDeadAsync(host, "KILL");
        await using (var control = await tree.ConnectAsync())
        {
            await control.WaitForAsync(
                now => now.Service("containers") is { State: ServicePhase.Completed, HostPid: { } pid } && pid != host, "another host has the task");
        }

        (await tree.RunAsync("stop", "containers")).ExitCode.Should().Be(0);

        File.Exists(Path.Combine(tree.Project, "up")).Should().BeFalse();
    }

    [Fact]
    public async Task A_stop_that_must_not_wait_runs_no_stop_command()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""
            { "services": {
                "web": { "command": "{{IgnoresSignals}}", "stop": { "command": "touch over; sleep 1000", "grace": "100s" } },
                "task": { "command": "touch up", "stop": { "command": "sleep 1000", "grace": "100s" } } } }
            """);
        await tree.StartAsync();
        var since = Stopwatch.StartNew();

        var stopped = await tree.RunAsync("stop", "--now");

        stopped.ExitCode.Should().Be(0, "{0}", stopped);
        since.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(90));
    }
}
