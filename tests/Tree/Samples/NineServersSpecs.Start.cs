using Supervisor.Tree.Harness;

namespace Supervisor.Tree.Samples;

/// <summary>The start, the death of the parent, and the end.</summary>
public sealed partial class NineServersSpecs
{
    private const string Migration = "shop/catalogue/migrations/0002_empty.py";

    private const string EmptyMigration = """
        from django.db import migrations

        class Migration(migrations.Migration):
            dependencies = [("catalogue", "0001_initial")]
            operations = []

        """;

    private static async Task AStartIsSummedUpWithWhatIsDownAsync(NineServers day)
    {
        day.Save(Migration, "raise RuntimeError('no such table: articles')\n");
        day.Save("api/api.py", day.Read("api/api.py") + "def broken(:\n");

        // A crash loop takes five failures: with the usual pauses 8 s, which this test has no use for.
        day.Replace("supervisor.json", "\"watch\": { \"paths\": [\"worker\"] },", """ "watch": { "paths": ["worker"] }, "restart": { "backoff": { "initial": "50ms", "max": "200ms" } },""");

        await day.Tree.WaitForOlderTimestampsAsync();

        // Where both limits are equal, the outcome does not depend on what our own runtime has done with its limit.
        await day.StartAsync(day.Tree.OpenTerminalAfter("ulimit -S -n 20000 && ulimit -H -n 20000", "start"));

        (await day.LineAsync("supervisor", "ready in")).Should().MatchRegex(
            @"^supervisor \d\d:\d\d:\d\d 6 of 9 ready in \d+\.\d s · migrate: failed: "".*RuntimeError.*"" · shop: pending: ""waits for migrate .*"" · api: blocked: ""SyntaxError.*"" · "
            + $"redis :{day.Port("redis")} · .*site http://127.0.0.1:{day.Port("site")} · ");
    }

    private static async Task AFailedMigrationIsFailedAndNamedUntilItIsMendedAsync(NineServers day)
    {
        const string Reason = "exited with code 1: RuntimeError: no such table: articles";
        var status = await day.RunAsync("status");
        status.ExitCode.Should().Be((int)ExitCode.Unhealthy);
        status.Output.Should().MatchRegex("\nmigrate +failed ").And.MatchRegex("\nshop +pending ")
            .And.Contain($"\nmigrate: {Reason}").And.Contain($"\nshop: waits for migrate to be completed (it failed: {Reason})");

        day.Save(Migration, EmptyMigration);
        await day.Control.WaitForAsync(
            board => board.Service("migrate").State == ServicePhase.Completed && board.Service("shop").State == ServicePhase.Ready, "the mended migration lets the shop start");
        (await day.PageAsync("shop")).Should().Be("shop: 0 articles\n");
    }

    private static async Task CodeThatIsBrokenAtTheStartIsBlockedUntilTheNextSaveAsync(NineServers day)
    {
        (await day.LineAsync("api", "✗ refused")).Should().Contain("SyntaxError").And.EndWith("(the next change tries again)");
        (await day.StatusAsync("api")).Should().BeEquivalentTo(new { State = ServicePhase.Blocked, Generation = 0, Stale = false });
        (await day.RunAsync("status", "api")).Should().Match<CommandResult>(
            it => it.ExitCode == (int)ExitCode.Unhealthy && it.Output.Contains("\napi: SyntaxError: ", StringComparison.Ordinal));

        day.Replace("api/api.py", "def broken(:\n", "");
        await day.WaitForAsync("api", it => it.State == ServicePhase.Ready, "the mended code is started");
        (await day.PageAsync("api")).Should().Be("api\n");
    }

    private static async Task ServersMayOpenAsManyFilesAsTheShellAsync(NineServers day)
    {
        var servers = (await day.Control.StatusAsync()).Services.Where(service => service.Pid is not null).ToArray();

        servers.Should().HaveCount(8).And.AllSatisfy(server => File.ReadLines($"/proc/{server.Pid}/limits")
            .Should().ContainMatch("Max open files *20000 *20000 *", "{0} has the limit of the shell, which is more than 10,240", server.Name));
    }

    private static async Task AfterTheDeathOfTheParentTheServersGoOnAsync(NineServers day)
    {
        var before = await day.Control.StatusAsync();
        Kill.Send(before.Tree.ParentPid, "KILL");
        (await day.Terminal.ExitAsync()).Should().Match<CommandResult>(
            it => it.ExitCode == (int)ExitCode.Failed && it.Output.Contains("the parent died; the servers keep running", StringComparison.Ordinal));

        var status = await day.RunAsync("status");
        status.ExitCode.Should().Be((int)ExitCode.NotRunning);
        status.Output.Should().Contain($"redis (pid {before.Service("redis").Pid})").And.Contain("supervisor start").And.MatchRegex("\nshop +ready ");

        await day.StartAsync(day.Tree.OpenTerminal("start"));
        (await day.LineAsync("supervisor", "ready in")).Should().Contain("10 ready in");
    }

    private static async Task AStoppedTreeCanBeAskedAsync(NineServers day)
    {
        await day.Terminal.EndAsync();

        var status = await day.RunAsync("status");
        status.ExitCode.Should().Be((int)ExitCode.NotRunning);
        status.Output.Should().StartWith("No tree is running").And.MatchRegex("\nsite +stopped ");
        (await day.RunAsync("why", "worker", "-n", "100")).Output.Should().StartWith("No tree is running").And.Contain("crash-loop").And.Contain("exit code 3");
        (await day.RunAsync("logs", "worker", "-n", "1000")).Output.Should().StartWith("No tree is running").And.Contain("no jobs today");
    }
}
