using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>The order of starts and stops.</summary>
public sealed class DependencySpecs
{
    [Fact]
    public async Task Services_start_after_what_they_depend_on_is_ready_and_stop_before_it()
    {
        await using var tree = TestTree.Create();
        var db = new TestService(tree, "db");
        tree.WriteConfig($$"""
            { "services": {
              "web": { "command": "test -e app-was-migrated && exec sleep 1000", "dependsOn": { "db": "ready", "migrate": "completed" } },
              "migrate": { "command": "touch app-was-migrated", "dependsOn": { "db": "ready" } },
              {{db.Entry("--ready-after 300ms")}} } }
            """);
        await tree.StartAsync();

        var board = await tree.StatusAsync();
        board.Service("web").State.Should().Be(ServicePhase.Running);
        board.Service("migrate").State.Should().Be(ServicePhase.Completed);
        board.Service("web").StartedAt.Should().BeAfter(board.Service("db").ReadyAt!.Value);

        await tree.RunAsync("stop");
        StoppedAt(tree, "web").Should().BeBefore(StoppedAt(tree, "db"));
    }

    [Fact]
    public async Task A_service_whose_dependency_fails_waits_and_names_the_dependency()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": {
              "db": { "command": ["no-such-program-anywhere"] },
              "web": { "command": ["sleep", "1000"], "dependsOn": { "db": "ready" } } } }
            """);

        var started = await tree.TryStartAsync();

        started.ExitCode.Should().Be((int)ExitCode.Failed);
        (started.Output + started.Errors).Should().Contain("no-such-program-anywhere");
        var board = await tree.StatusAsync();
        board.Service("db").State.Should().Be(ServicePhase.Blocked);
        board.Service("web").Should().Match<ServiceStatus>(web => web.State == ServicePhase.Pending && web.Reason!.Contains("db", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_task_that_fails_for_good_is_failed_and_those_that_wait_for_it_say_so_until_it_is_mended()
    {
        await using var tree = TestTree.Create();
        tree.Write("db/migrate.sh", "echo 'no such table: users'; exit 1\n");
        tree.WriteConfig("""
            { "services": {
              "migrate": { "command": ["sh", "db/migrate.sh"], "watch": { "paths": ["db"] }, "restart": { "policy": "never" } },
              "web": { "command": ["sleep", "1000"], "dependsOn": { "migrate": "completed" } } } }
            """);

        var started = await tree.TryStartAsync();

        started.ExitCode.Should().Be((int)ExitCode.Failed);
        (started.Output + started.Errors).Should().Contain("failed: exited with code 1", "whichever of the two is reported first names the cause");
        var board = await tree.StatusAsync();
        board.Service("migrate").Should().BeEquivalentTo(new { State = ServicePhase.Failed, Reason = "exited with code 1: no such table: users", Generation = 1 });
        board.Service("web").Should().BeEquivalentTo(
            new { State = ServicePhase.Pending, Reason = "waits for migrate to be completed (it failed: exited with code 1: no such table: users)" });
        (await tree.RunAsync("status")).Should().Match<CommandResult>(it => it.ExitCode == (int)ExitCode.Unhealthy && it.Output.Contains("failed", StringComparison.Ordinal));

        tree.Write("db/migrate.sh", "exit 0\n");
        await using var control = await tree.ConnectAsync();
        await control.WaitForAsync(
            now => now.Service("migrate").State == ServicePhase.Completed && now.Service("web").State == ServicePhase.Running, "the change starts it again");
    }

    [Fact]
    public async Task A_failed_service_is_started_by_a_command_and_stopped_by_another()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "app": {
              "command": ["sh", "-c", "test -e mended && echo LISTENING && exec sleep 1000; exit 3"], "ready": { "log": "LISTENING" },
              "watch": { "onChange": "none" }, "restart": { "policy": "never" } } } }
            """);
        (await tree.TryStartAsync()).ExitCode.Should().Be((int)ExitCode.Failed);

        (await tree.RunAsync("restart", "app")).ExitCode.Should().Be((int)ExitCode.Failed, "it fails again, and nothing waits for ever");
        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(new { State = ServicePhase.Failed, Generation = 2 });
        (await tree.RunAsync("stop", "app")).ExitCode.Should().Be((int)ExitCode.Ok);
        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(new { State = ServicePhase.Stopped, Reason = (string?)null });
        (await tree.RunAsync("status")).ExitCode.Should().Be((int)ExitCode.Ok, "it is down because somebody wants it");

        tree.Write("mended", "");
        (await tree.RunAsync("start", "-d", "app")).ExitCode.Should().Be((int)ExitCode.Ok);
        (await tree.StatusAsync()).Service("app").State.Should().Be(ServicePhase.Ready);
    }

    [Fact]
    public async Task Starting_one_service_starts_what_it_needs_and_nothing_else()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": {
              "db": { "command": ["sleep", "1000"] },
              "web": { "command": ["sleep", "1000"], "dependsOn": { "db": "started" } },
              "other": { "command": ["sleep", "1000"] } } }
            """);

        (await tree.RunAsync("start", "-d", "web")).ExitCode.Should().Be(0);

        var board = await tree.StatusAsync();
        board.Service("web").State.Should().Be(ServicePhase.Running);
        board.Service("db").State.Should().Be(ServicePhase.Running);
        board.Service("other").State.Should().Be(ServicePhase.Stopped);
    }

    private static DateTimeOffset StoppedAt(TestTree tree, string service)
    {
        var ledger = Directory.EnumerateFiles(tree.StateBase, $"{service}.ledger.jsonl", SearchOption.AllDirectories).Single();
        using var entry = System.Text.Json.JsonDocument.Parse(File.ReadLines(ledger).Last(line => line.Contains("\"stopped\"", StringComparison.Ordinal)));
        return entry.RootElement.GetProperty("at").GetDateTimeOffset();
    }
}
