using Supervisor.Tree.Harness;

namespace Supervisor.Tree.Samples;

/// <summary>Commands in other terminals, and what they show.</summary>
public sealed partial class NineServersSpecs
{
    private static async Task AMistypedCommandChangesNothingAndNamesTheNearestWordAsync(NineServers day)
    {
        await RefusedAsync(day, ExitCode.BadUsage, "Unknown option \"--quiet\" of \"supervisor hold\"", "hold", "--quiet");
        await RefusedAsync(day, ExitCode.BadUsage, "did you mean \"--json\"?", "status", "--jsn");
        await RefusedAsync(day, ExitCode.BadUsage, "did you mean \"status\"?", "statsu");
        await RefusedAsync(day, ExitCode.NoSuchService, "Unknown service \"shpo\"; did you mean \"shop\"?", "restart", "shpo");

        (await day.Control.StatusAsync()).Watcher.Holds.Should().BeEmpty();
        (await day.RunAsync("logs", "--help")).Output.Split('\n').Should().ContainSingle(line => line.TrimStart().StartsWith("-f", StringComparison.Ordinal));
    }

    private static async Task RefusedAsync(NineServers day, ExitCode code, string words, params string[] arguments)
    {
        var refused = await day.RunAsync(arguments);
        refused.ExitCode.Should().Be((int)code, "{0}", refused);
        refused.Output.Should().Contain(words);
    }

    private static async Task ASecondStartShowsTheTreeInColoursAndLeavesItAsync(NineServers day)
    {
        var parent = (await day.Control.StatusAsync()).Tree.ParentPid;
        await using (var other = day.Tree.OpenColouredTerminal("start", "--timestamps"))
        {
            await other.ShownAsync("attached: Ctrl-C leaves it running");
            var good = day.Read("api/api.py");
            day.Save("api/api.py", good + "def broken(:\n");
            await other.ShownAsync("\e[1;31m✗ refused: SyntaxError");
            day.Save("api/api.py", good + "# mended\n");
            await other.ShownAsync("\e[33m✓ reloaded");
            other.Interrupt();

            var left = await other.ExitAsync();
            left.ExitCode.Should().Be((int)ExitCode.Ok);
            left.Output.Should().Contain("left; the tree keeps running").And.MatchRegex(@"api +\d\d:\d\d:\d\d\.\d\d\d .*✓ reloaded");
        }

        day.Tree["NO_COLOR"] = "1";
        (await day.Control.StatusAsync()).Tree.ParentPid.Should().Be(parent);
        var second = await day.RunAsync("start", "--daemon");
        (second.ExitCode, second.Output).Should().Match<(int ExitCode, string Output)>(
            it => it.ExitCode == (int)ExitCode.Failed && it.Output.Contains($"{parent}", StringComparison.Ordinal));
    }

    /// <summary>The worker ignores SIGTERM while the file `deaf` is there, and is not ready while the file `shut` is.</summary>
    private static async Task AStopAndAStartThatTakeLongSaySoAsync(NineServers day)
    {
        var before = await day.StatusAsync("worker");
        var deaf = day.Tree.Write("deaf", "");
        day.Save("worker/worker.sh", "trap '[ -e ../deaf ] || exit 0' TERM\nwhile [ -e ../shut ]; do sleep 0.1; done\n" + day.Read("worker/worker.sh"));
        await day.WaitForAsync("worker", it => it.State == ServicePhase.Ready && it.Generation > before.Generation, "it is reloaded");

        await using var stopping = day.Tree.OpenTerminal("stop", "worker");
        await stopping.ShownAsync("waiting for worker (pid ");
        (await day.RunAsync("status")).Output.Should().MatchRegex("\nworker +stopping ");
        (await day.RunAsync("stop", "--now", "worker")).ExitCode.Should().Be((int)ExitCode.Ok);
        (await stopping.ExitAsync()).ExitCode.Should().Be((int)ExitCode.Ok);

        File.Delete(deaf);
        var shut = day.Tree.Write("shut", "");
        await using var starting = day.Tree.OpenTerminal("start", "--daemon", "worker");
        await starting.ShownAsync("waiting for worker (starting");
        File.Delete(shut);
        (await starting.ExitAsync()).ExitCode.Should().Be((int)ExitCode.Ok);
        (await day.StatusAsync("worker")).State.Should().Be(ServicePhase.Ready);
    }

    private static async Task TheStatusFitsAsync(NineServers day)
    {
        foreach (var columns in new[] { 80, 140 })
        {
            var screen = await day.Tree.StatusScreenAsync(columns);

            screen.Should().OnlyContain(line => line.Length <= columns);
            screen[0].Should().ContainAll("STATE", "PORTS");
            screen.TakeWhile(line => line.Length > 0).Select(line => line.Split(' ')[0]).Should()
                .BeEquivalentTo("SERVICE", "late", "redis", "migrate", "shop", "api", "legacy", "site", "node", "frontend", "worker");
        }
    }

    /// <summary>The first reminder comes half a minute after the refusal.</summary>
    private static async Task AStaleServiceIsRememberedAsync(NineServers day)
    {
        (await day.LineAsync("node", "! stale for")).Should().Contain("the old code serves: SyntaxError");

        day.Replace("node/server.mjs", "const = 1;\n", "");
        await day.WaitForAsync("node", it => it is { State: ServicePhase.Ready, Stale: false }, "the mended file serves");
        (await day.RunAsync("status")).ExitCode.Should().Be((int)ExitCode.Ok);
    }
}
