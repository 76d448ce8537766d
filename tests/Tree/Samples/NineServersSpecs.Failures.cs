using Supervisor.Tree.Harness;

namespace Supervisor.Tree.Samples;

/// <summary>Servers that die, fail or are asked too often.</summary>
public sealed partial class NineServersSpecs
{
    /// <summary>How many requests its log has; none is sent by this test.</summary>
    private static async Task<int> RequestsOfTheSiteAsync(NineServers day)
    {
        await day.LineAsync("site", "Request finished");
        return day.Lines("site").Count(line => line.Contains("Request starting", StringComparison.Ordinal));
    }

    /// <summary>Its command is one text: a shell would have reported exit code 137.</summary>
    private static async Task AKilledServerComesBackWithEvidenceAsync(NineServers day)
    {
        var before = await day.StatusAsync("shop");
        Kill.Send(before.Pid!.Value, "KILL");

        await day.LineAsync("shop", "killed by SIGKILL");
        await day.WaitForAsync("shop", it => it is { State: ServicePhase.Ready, Restarts: 1 } && it.Pid != before.Pid, "it is ready again");
        (await day.RunAsync("why", "shop")).Output.Should().Contain("ended with SIGKILL; killed by SIGKILL; ").And.Contain("| Starting development server")
            .And.MatchRegex("changed .* before: shop/catalogue/views.py");
        (await day.RunAsync("why", "shop", "--rate")).Output.Should().MatchRegex("1 restart");
    }

    private static async Task ACrashLoopIsNeverOkAndEndsWithASaveAsync(NineServers day)
    {
        var good = day.Read("worker/worker.sh");
        day.Save("worker/worker.sh", "echo no jobs today >&2; exit 3\n");
        (await day.LineAsync("worker", "crash loop: ")).Should().Contain("exited with code 3").And.Contain("no jobs today");
        var status = await day.RunAsync("status");
        status.ExitCode.Should().Be((int)ExitCode.Unhealthy);
        status.Output.Should().MatchRegex("\nworker +crash-loop ").And.MatchRegex("\nworker: .*exited with code 3.*no jobs today");

        var restarted = await day.RunAsync("restart", "worker");
        restarted.ExitCode.Should().Be((int)ExitCode.Failed, "{0}", restarted);
        restarted.Output.Should().Contain("exited with code 3").And.Contain("| no jobs today");
        var started = await day.RunAsync("start", "-d", "worker");
        started.ExitCode.Should().Be((int)ExitCode.Failed, "{0}", started);
        started.Output.Should().Contain("failed worker is in a crash loop").And.NotContain("is up");

        day.Save("worker/worker.sh", good);
        await day.WaitForAsync("worker", it => it.State == ServicePhase.Ready, "the mended worker is ready");
    }

    private static async Task AServerThatFailsItsChecksIsUnhealthyAsync(NineServers day)
    {
        var before = await day.StatusAsync("redis");
        await RedisAsync(day, "acl", "setuser", "default", "-ping");
        await day.LineAsync("redis", "✗ unhealthy: ");
        await day.WaitForAsync("redis", it => it.State == ServicePhase.Unhealthy, "it may not answer");
        var status = await day.RunAsync("status", "redis");
        status.ExitCode.Should().Be((int)ExitCode.Unhealthy);
        status.Output.Should().MatchRegex("\nredis +unhealthy ").And.Contain("\nredis: ");

        await RedisAsync(day, "acl", "setuser", "default", "+ping");
        await day.LineAsync("redis", "✓ healthy again");
        await day.WaitForAsync("redis", it => it.State == ServicePhase.Ready && it.Pid == before.Pid, "it answers again");
        (await day.RunAsync("why", "redis")).Output.Should().MatchRegex("unhealthy +health; ").And.MatchRegex("healthy +health; .*down for");
    }

    /// <summary>The automatic start is due in ten minutes.</summary>
    private static async Task ARestartInABackoffStartsTheServerAsync(NineServers day)
    {
        var before = await day.StatusAsync("api");
        Kill.Send(before.Pid!.Value, "SEGV");
        await day.WaitForAsync("api", it => it.State == ServicePhase.Backoff, "it waits for its next start");

        var restarted = await day.RunAsync("restart", "api");

        restarted.ExitCode.Should().Be((int)ExitCode.Ok, "{0}", restarted);
        var after = await day.StatusAsync("api");
        after.Should().BeEquivalentTo(new { State = ServicePhase.Ready, Generation = before.Generation + 1 });
        restarted.Output.Should().Contain($"{after.Pid}");
        (await day.PageAsync("api")).Should().Be("api\n");
    }

    private static async Task RedisAsync(NineServers day, params string[] command) =>
        (await day.Tree.RunOtherAsync("redis-cli", ["-p", $"{day.Port("redis")}", .. command])).Output.Trim().Should().Be("OK");
}
