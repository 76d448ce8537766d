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
