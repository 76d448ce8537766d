using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Tasks: services that run to their end, and those that wait for them.</summary>
public sealed class FinishedTaskSpecs
{
    [Fact]
    public async Task The_start_of_a_dependant_tries_its_failed_task_again_and_goes_on_after_it()
    {
        await using var tree = await WithFailedTaskAsync();
        tree.Write("migrate.sh", "exit 0\n");

        var started = await tree.RunAsync("start", "late");

        started.ExitCode.Should().Be(0, "{0}", started);
        var board = await tree.StatusAsync();
        board.Service("migrate").Should().BeEquivalentTo(new { State = ServicePhase.Completed, Generation = 2 });
        board.Service("web").State.Should().Be(ServicePhase.Running);
        board.Service("late").State.Should().Be(ServicePhase.Running);
    }

    [Fact]
    public async Task The_start_of_a_dependant_ends_with_a_reason_where_its_task_fails_again()
    {
        await using var tree = await WithFailedTaskAsync();

        var started = await tree.RunAsync("start", "late");

        started.ExitCode.Should().Be((int)ExitCode.Failed, "{0}", started);
        var board = await tree.StatusAsync();
        board.Service("migrate").Should().BeEquivalentTo(new { State = ServicePhase.Failed, Generation = 2 });
        board.Service("late").Reason.Should().Be(
            "waits for web to be started (it waits for migrate to be completed (it failed: exited with code 1: no such table: users))");
    }

    [Fact]
    public async Task The_start_of_a_dependant_leaves_a_completed_task_alone()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": {
              "migrate": { "command": "exit 0", "restart": { "policy": "never" } },
              "web": { "command": ["sleep", "1000"], "dependsOn": { "migrate": "completed" }, "autostart": false } } }
            """);
        await tree.StartAsync();

        var started = await tree.RunAsync("start", "web");

        started.ExitCode.Should().Be(0, "{0}", started);
        (await tree.StatusAsync()).Service("migrate").Should().BeEquivalentTo(new { State = ServicePhase.Completed, Generation = 1 });
    }

    [Fact]
    public async Task A_flush_succeeds_when_a_watched_task_has_run_to_its_end()
    {
        await using var tree = TestTree.Create();
        tree.Write("db/migrate.sh", "exit 0\n");
        tree.WriteConfig("""{ "services": { "migrate": { "command": ["sh", "db/migrate.sh"], "watch": { "paths": ["db"] }, "restart": { "policy": "never" } } } }""");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        tree.Write("db/migrate.sh", "echo again\n");
        await control.WaitForAsync(board => board.Service("migrate") is { State: ServicePhase.Completed, Generation: 2 }, "it has run again");

        var flushed = await tree.RunAsync("flush");

        flushed.ExitCode.Should().Be(0, "{0}", flushed);
    }

    [Fact]
    public async Task What_waited_for_a_task_when_the_parent_died_starts_once_the_task_is_mended()
    {
        await using var tree = TestTree.Create();
        tree.Write("db/migrate.sh", "exit 1\n");
        tree.WriteConfig("""
            { "services": {
              "migrate": { "command": ["sh", "db/migrate.sh"], "watch": { "paths": ["db"] }, "restart": { "policy": "never" } },
              "web": { "command": ["sleep", "1000"], "dependsOn": { "migrate": "completed" } } } }
            """);
        await tree.TryStartAsync();
        await Kill.UntilDeadAsync((await tree.StatusAsync()).Tree.ParentPid, "KILL");
        await using var foreground = tree.Begin("start");
        await Wait.UntilAsync(() => foreground.Output.Contains("pending: waits for migrate", StringComparison.Ordinal), "web waits in the next parent");
        await using var control = await tree.ConnectAsync();

        tree.Write("db/migrate.sh", "exit 0\n");

        await control.WaitForAsync(
            now => now.Service("migrate").State == ServicePhase.Completed && now.Service("web").State == ServicePhase.Running, "the change starts both");
    }

    [Theory]
    [InlineData("exit 3", ServicePhase.Failed)]
    [InlineData("exit 0", ServicePhase.Completed)]
    public async Task What_waits_for_the_end_of_a_task_starts_whatever_its_exit_code(string command, ServicePhase phase)
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""
            { "services": {
              "tests": { "command": "touch done; {{command}}", "restart": { "policy": "never" } },
              "report": { "command": "[ -e done ] && exec sleep 1000", "dependsOn": { "tests": "ended" } } } }
            """);

        await tree.TryStartAsync();

        await using var control = await tree.ConnectAsync();
        await control.WaitForAsync(now => now.Service("tests").State == phase && now.Service("report").State == ServicePhase.Running, "report runs");
    }

    [Fact]
    public async Task A_task_that_writes_what_it_watches_is_not_run_for_ever()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "build": { "command": "date +%N > out/made", "watch": { "paths": ["out"] }, "restart": { "policy": "never" } } } }
            """);
        tree.Write("out/made", "nothing yet\n");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();

        var held = await control.WaitForAsync(now => now.Service("build").Reason?.StartsWith("held back", StringComparison.Ordinal) == true, "it is held back");

        held.Service("build").Should().Match<ServiceStatus>(build => build.State == ServicePhase.Completed && build.Stale && build.Reason!.Contains("made"));
        held.Service("build").Generation.Should().BeLessThan(10);
    }

    /// <summary>late needs web, web needs migrate, and migrate has failed.</summary>
    private static async Task<TestTree> WithFailedTaskAsync()
    {
        var tree = TestTree.Create();
        tree.Write("migrate.sh", "echo 'no such table: users'; exit 1\n");
        tree.WriteConfig("""
            { "services": {
              "migrate": { "command": ["sh", "migrate.sh"], "restart": { "policy": "never" } },
              "web": { "command": ["sleep", "1000"], "dependsOn": { "migrate": "completed" } },
              "late": { "command": ["sleep", "1000"], "dependsOn": { "web": "started" } } } }
            """);
        (await tree.TryStartAsync()).ExitCode.Should().Be((int)ExitCode.Failed);
        return tree;
    }
}
