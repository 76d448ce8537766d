using System.Text.RegularExpressions;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A day with the project of nine real servers in samples/NineServers, in one terminal.</summary>
public sealed class NineServersSpecs
{
    private static readonly string Sample = Path.Combine(Executables.Repository, "samples/NineServers");
    private static readonly string[] Listening = ["redis", "shop", "api", "legacy", "site", "node", "frontend"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly Dictionary<string, int> _ports = Listening.ToDictionary(name => name, _ => TestTree.FreePort(), StringComparer.Ordinal);

    [NineServersFact]
    public async Task Nine_real_servers_start_reload_refuse_die_and_stop_and_the_terminal_says_each()
    {
        await using var tree = Copied();
        await tree.WaitForOlderTimestampsAsync();
        await using var terminal = tree.OpenTerminal("start");
        await terminal.ShownAsync("9 ready in", Patience);
        await using var control = await tree.ConnectAsync();
        var before = await control.StatusAsync();

        await AReloadIsOneLineAsync(tree, terminal);
        await ARefusalLeavesTheOldServerAsync(tree, terminal, control);
        await AHangUpKeepsTheServerAsync(tree, terminal, control, before.Service("legacy").Pid);
        await AKilledServerComesBackAsync(terminal, control);
        await ACrashLoopEndsWithASaveAsync(tree, terminal);
        await AnEditedConfigurationIsReloadedAsync(tree, terminal);

        await TheStatusFitsAsync(tree);

        var after = await control.StatusAsync();
        string[] untouched = ["site", "node", "frontend"];
        untouched.Should().OnlyContain(name => after.Service(name).Pid == before.Service(name).Pid, "nothing of theirs was changed");
        await terminal.EndAsync();
    }

    private async Task AReloadIsOneLineAsync(TestTree tree, Command terminal)
    {
        Replace(tree, "shop/catalogue/views.py", "articles", "things");
        await terminal.LineShownAsync("✓ reloaded", "shop/catalogue/views.py");

        Lines(terminal, "shop").Should().ContainSingle(line => line.Contains("✓ reloaded", StringComparison.Ordinal))
            .Which.Should().MatchRegex(@"✓ reloaded in \d+\.\d s \(check .*, start .*\)  shop/catalogue/views\.py$");
        (await PageAsync("shop")).Should().Be("shop: 0 things\n");
    }

    private async Task ARefusalLeavesTheOldServerAsync(TestTree tree, Command terminal, ControlClient control)
    {
        var good = File.ReadAllText(Path.Combine(tree.Project, "api/api.py"));
        tree.Write("api/api.py", good + "def broken(:\n");
        await terminal.LineShownAsync("✗ refused");

        Lines(terminal, "api").Should().ContainSingle(line => line.Contains('✗')).Which.Should().Contain("SyntaxError").And.EndWith("(the old code serves)");
        (await PageAsync("api")).Should().Be("api\n");
        var status = await tree.RunAsync("status");
        status.Should().Match<CommandResult>(it => it.ExitCode == (int)ExitCode.Unhealthy && it.Output.Contains("api: SyntaxError: ", StringComparison.Ordinal));

        tree.Write("api/api.py", good);
        await control.WaitForAsync(board => !board.Service("api").Stale, "the mended file is what it serves");
    }

    private async Task AHangUpKeepsTheServerAsync(TestTree tree, Command terminal, ControlClient control, int? pid)
    {
        Replace(tree, "legacy/legacy.py", "legacy\\n", "modern\\n");
        await terminal.ShownAsync("legacy/legacy.py");
        await Wait.UntilAsync(async () => await PageAsync("legacy") == "modern\n", "the new workers serve");

        (await control.StatusAsync()).Service("legacy").Should().BeEquivalentTo(new { Pid = pid, Restarts = 0 }, "gunicorn starts new workers and stays");
    }

    private static async Task AKilledServerComesBackAsync(Command terminal, ControlClient control)
    {
        var redis = (await control.StatusAsync()).Service("redis").Pid!.Value;
        Kill.Send(redis, "KILL");
        await terminal.ShownAsync("killed by SIGKILL");

        await control.WaitForAsync(board => board.Service("redis") is { State: ServicePhase.Ready, Restarts: 1 } again && again.Pid != redis, "it is ready again");
    }

    private static async Task ACrashLoopEndsWithASaveAsync(TestTree tree, Command terminal)
    {
        var good = File.ReadAllText(Path.Combine(tree.Project, "worker/worker.sh"));
        tree.Write("worker/worker.sh", "echo no jobs today >&2; exit 3\n");
        (await terminal.LineShownAsync("crash loop: ", "exited with code 3")).Should().StartWith("worker ");

        tree.Write("worker/worker.sh", good);
        await Wait.UntilAsync(async () => (await tree.StatusAsync()).Service("worker").State == ServicePhase.Ready, "the mended worker is ready");
    }

    private static async Task AnEditedConfigurationIsReloadedAsync(TestTree tree, Command terminal)
    {
        Replace(tree, "supervisor.json", "\"services\": {", "\"services\": { \"late\": { \"command\": [\"sleep\", \"1000\"] },");
        await terminal.ShownAsync("+ late");
        (await tree.RunAsync("reload")).ExitCode.Should().Be((int)ExitCode.Ok);

        (await tree.StatusAsync()).Service("late").State.Should().Be(ServicePhase.Running);
    }

    private static async Task TheStatusFitsAsync(TestTree tree)
    {
        var screen = await tree.StatusScreenAsync(columns: 80);

        screen.Should().OnlyContain(line => line.Length <= 80);
        screen.TakeWhile(line => line.Length > 0).Select(line => line.Split(' ')[0]).Should()
            .BeEquivalentTo("SERVICE", "late", "redis", "migrate", "shop", "api", "legacy", "site", "node", "frontend", "worker");
    }

    private TestTree Copied()
    {
        var tree = TestTree.Create(nameof(NineServersSpecs));

        foreach (var file in Directory.EnumerateFiles(Sample, "*", new EnumerationOptions { RecurseSubdirectories = true }))
        {
            if (!Regex.IsMatch(file, "/(node_modules|bin|obj|__pycache__)/|sqlite3$"))
                tree.Write(Path.GetRelativePath(Sample, file), File.ReadAllText(file));
        }

        File.CreateSymbolicLink(Path.Combine(tree.Project, "frontend/node_modules"), Path.Combine(Sample, "frontend/node_modules"));
        tree["PATH"] = $"/usr/bin:{Environment.GetEnvironmentVariable("PATH")}";

        foreach (var (service, port) in _ports)
            tree[$"{service.ToUpperInvariant()}_PORT"] = $"{port}";

        return tree;
    }

    private Task<string> PageAsync(string service) => Http.GetStringAsync(new Uri($"http://127.0.0.1:{_ports[service]}/"));

    private static void Replace(TestTree tree, string path, string old, string text) =>
        tree.Write(path, File.ReadAllText(Path.Combine(tree.Project, path)).Replace(old, text, StringComparison.Ordinal));

    private static IEnumerable<string> Lines(Command terminal, string service) =>
        terminal.Output.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.StartsWith(service + ' ', StringComparison.Ordinal));
}

/// <summary>A fact that needs the sample's servers, and its npm packages.</summary>
internal sealed class NineServersFactAttribute() : NeedsFactAttribute(
    "/usr/bin/python3", "/usr/lib/python3/dist-packages/django", "uvicorn", "gunicorn", "redis-server", "node",
    Path.Combine(Executables.Repository, "samples/NineServers/frontend/node_modules/vite"));
