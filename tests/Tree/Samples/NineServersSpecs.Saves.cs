using Supervisor.Tree.Harness;

namespace Supervisor.Tree.Samples;

/// <summary>Saved code, configuration and env files.</summary>
public sealed partial class NineServersSpecs
{
    private static async Task AReloadIsOneLineAsync(NineServers day)
    {
        day.Replace("shop/catalogue/views.py", "articles\\n", "things\\n");

        (await day.LineAsync("shop", "shop/catalogue/views.py")).Should()
            .MatchRegex(@"^shop       \d\d:\d\d:\d\d ✓ reloaded in \d+\.\d s \(check .*, start .*\)  shop/catalogue/views\.py$");
        day.Lines("shop").Where(line => line.Contains("reload", StringComparison.Ordinal)).Should().ContainSingle();
        (await day.PageAsync("shop")).Should().Be("shop: 0 things\n");
    }

    /// <summary>It stays refused until the reminder of it.</summary>
    private static async Task ARefusalLeavesTheOldServerAsync(NineServers day)
    {
        day.Save("node/server.mjs", day.Read("node/server.mjs") + "const = 1;\n");

        (await day.LineAsync("node", "✗")).Should().MatchRegex(@"✗ refused: SyntaxError: .* \(the old code serves\)$");
        await day.LineAsync("node", "const = 1;");
        (await day.PageAsync("node")).Should().Be("node\n");
        var status = await day.RunAsync("status");
        status.ExitCode.Should().Be((int)ExitCode.Unhealthy);
        status.Output.Should().MatchRegex("\nnode +ready, stale ").And.Contain("\nnode: SyntaxError: ");
    }

    /// <summary>The start that the first save begins is under way until the last one: the module waits for a file.</summary>
    private static async Task ATrainOfSavesIsTwoReloadsAsync(NineServers day)
    {
        var before = await day.StatusAsync("api");
        var shown = day.Lines("api").Count(line => line.Contains("✓ reloaded", StringComparison.Ordinal));
        var code = "import pathlib, time\nwhile not pathlib.Path('../arrived').exists(): time.sleep(0.02)\n" + day.Read("api/api.py");
        day.Save("api/api.py", "# save 1\n" + code);
        await day.WaitForAsync("api", it => it.State == ServicePhase.Starting && it.Generation == before.Generation + 1, "the first save does not wait");

        // The pace of a formatter is the subject of this step, not a synchronisation.
        for (var save = 2; save <= 5; save++)
        {
            await Task.Delay(50, CancellationToken.None);
            day.Save("api/api.py", $"# save {save}\n{code}");
        }

        day.Tree.Write("arrived", "");
        await day.WaitForAsync("api", it => it.State == ServicePhase.Ready && it.Generation == before.Generation + 2, "the others are one more reload");
        await day.RunAsync("flush");

        await day.LineAsync("api", "✓ reloaded", count: shown + 2);
        (await day.StatusAsync("api")).Should().BeEquivalentTo(new { State = ServicePhase.Ready, Generation = before.Generation + 2, Restarts = 0, Stale = false });
        day.Lines("api").Count(line => line.Contains("✓ reloaded", StringComparison.Ordinal)).Should().Be(shown + 2);
    }

    private static async Task ASaveInAnInnerCheckoutReloadsNothingAsync(NineServers day)
    {
        var before = await day.StatusAsync("shop");
        day.Save($"{NineServers.InnerCheckout}/views.py", "articles = []\n");
        await day.RunAsync("flush");

        (await day.StatusAsync("shop")).Should().BeEquivalentTo(new { before.Pid, before.Generation });
        (await day.RunAsync("check", "--explain", $"{NineServers.InnerCheckout}/views.py")).Output.Should()
            .Contain("is a checkout of its own (it has a .git); name it in watch.paths to watch it");
    }

    private static async Task AHangUpKeepsTheServerAsync(NineServers day)
    {
        var before = await day.StatusAsync("legacy");
        day.Replace("legacy/legacy.py", "legacy\\n", "modern\\n");
        await day.LineAsync("legacy", "legacy/legacy.py");
        await Wait.UntilAsync(async () => await day.PageAsync("legacy") == "modern\n", "the new workers serve");

        (await day.StatusAsync("legacy")).Should().BeEquivalentTo(new { before.Pid, Restarts = 0 }, "gunicorn starts new workers and stays, although its command is one text");
    }

    private static async Task AConfigurationWithMistakesChangesNothingAsync(NineServers day)
    {
        var good = day.Read("supervisor.json");
        var before = await day.Control.StatusAsync();
        day.Save("supervisor.json", good.Replace("\"port\": \"${SHOP_PORT:-8000}\"", "\"prot\": 8000", StringComparison.Ordinal).Replace("\"10s\"", "\"10 seconds\"", StringComparison.Ordinal));
        await day.LineAsync("supervisor", "supervisor.json changed and has . mistakes");

        foreach (var verb in new[] { "reload", "check" })
        {
            var refused = await day.RunAsync(verb);
            refused.ExitCode.Should().Be((int)ExitCode.BadConfig);
            refused.Output.Should().MatchRegex(@"supervisor\.json:\d+:\d+: .*services\.shop\.prot").And.MatchRegex(@"services\.api\.stop\.grace.*10 seconds");
        }

        (await day.Control.StatusAsync()).Services.Select(service => service.Pid).Should().Equal(before.Services.Select(service => service.Pid));
        day.Save("supervisor.json", good);
        await day.Control.WaitForAsync(board => board.Tree.Change is null, "it is undone");
    }

    private static async Task AnEditedConfigurationIsToldAndReloadedAsync(NineServers day)
    {
        var before = await day.Control.StatusAsync();
        day.Tree.Write(".env", "GREETING=hello\n");
        var edited = day.Read("supervisor.json")
            .Replace("\"services\": {", """ "services": { "late": { "command": ["sleep", "1000"], "watch": { "paths": ["lat"] } },""", StringComparison.Ordinal)
            .Replace("\"stop\": { \"grace\": \"10s\" }", """ "envFile": ".env", "restart": { "backoff": { "initial": "10m", "max": "10m" } }""", StringComparison.Ordinal)
            .Replace("\"ready\": { \"log\": ", """ "stop": { "grace": "1m" }, "ready": { "log": """, StringComparison.Ordinal);
        day.Save("supervisor.json", edited);

        (await day.LineAsync("supervisor", @"\+ late")).Should().Contain("~ api (env, restart, stop, envFile)").And.Contain("~ worker (stop)").And.EndWith("\"supervisor reload\" applies it");
        (await day.RunAsync("check", "--diff")).Output.Should().Contain("+ late: starts").And.Contain("~ worker: restarts (stop)");
        (await day.RunAsync("check")).Should().Match<CommandResult>(
            it => it.ExitCode == (int)ExitCode.Ok && it.Output.Contains("lat does not exist", StringComparison.Ordinal), "a warning is no mistake");
        (await day.RunAsync("reload")).ExitCode.Should().Be((int)ExitCode.Ok);

        var after = await day.Control.StatusAsync();
        after.Service("late").State.Should().Be(ServicePhase.Running);
        string[] changed = ["late", "api", "worker"];
        after.Services.Where(service => !changed.Contains(service.Name, StringComparer.Ordinal)).Should()
            .OnlyContain(service => service.Pid == before.Service(service.Name).Pid, "they are untouched");
    }

    private static async Task AnEditedEnvFileRestartsItsServiceAsync(NineServers day)
    {
        day.Save(".env", "GREETING=goodbye\n");

        await day.WaitForAsync("api", it => it is { State: ServicePhase.Ready, LastChange.Cause: "envFile" }, "it has the new variables");
        (await day.RunAsync("env", "api")).Output.Should().MatchRegex(@"\nenvFile \.env +GREETING=goodbye\n");
    }
}
