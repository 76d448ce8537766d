using System.Text.RegularExpressions;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree.Samples;

/// <summary>The project of nine real servers in samples/NineServers: a copy in a tree of its own, with ports of its own.</summary>
internal sealed class NineServers : IAsyncDisposable
{
    /// <summary>A checkout of its own inside the folder that the shop watches.</summary>
    public const string InnerCheckout = "shop/.worktrees/x";

    /// <summary>The sample's ASP.NET server is compiled by its first start.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    private static readonly string Sample = Path.Combine(Executables.Repository, "samples/NineServers");
    private static readonly string[] Listening = ["redis", "shop", "api", "legacy", "site", "node", "frontend"];
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private readonly Dictionary<string, int> _ports = Listening.ToDictionary(name => name, _ => TestTree.FreePort(), StringComparer.Ordinal);
    private Command? _terminal;
    private ControlClient? _control;

    private NineServers(TestTree tree) => Tree = tree;

    public TestTree Tree { get; }

    /// <summary>The terminal that the tree runs in.</summary>
    public Command Terminal => _terminal ?? throw new InvalidOperationException("not started");

    public ControlClient Control => _control ?? throw new InvalidOperationException("not started");

    public static async Task<NineServers> CopyAsync(string test)
    {
        var servers = new NineServers(TestTree.Create(test));
        servers.Copy();
        (await servers.Tree.RunOtherAsync("git", "init", "-q", InnerCheckout)).ExitCode.Should().Be(0);
        return servers;
    }

    /// <summary>From now on the tree runs in this terminal. Returns when it says how the start went.</summary>
    public async Task StartAsync(Command terminal)
    {
        await EndViewAsync();
        _terminal = terminal;
        await terminal.ShownAsync("ready in", StartTimeout);
        await terminal.ShownAsync(" · ", StartTimeout);
        _control = await Tree.ConnectAsync();
    }

    public int Port(string service) => _ports[service];

    public Task<string> PageAsync(string service) => Http.GetStringAsync(new Uri($"http://127.0.0.1:{_ports[service]}/"));

    public string Read(string path) => File.ReadAllText(Path.Combine(Tree.Project, path));

    public void Save(string path, string text) => Tree.Write(path, text);

    public void Replace(string path, string old, string text) => Save(path, Read(path).Replace(old, text, StringComparison.Ordinal));

    public Task<StatusReport> WaitForAsync(string service, Func<ServiceStatus, bool> holds, string what) =>
        Control.WaitForAsync(board => holds(board.Service(service)), $"{service}: {what}");

    public async Task<ServiceStatus> StatusAsync(string service) => (await Control.StatusAsync()).Service(service);

    /// <summary>What the command shows in a terminal of 140 columns, and its exit code.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => Tree.RunInTerminalAsync(columns: 140, arguments);

    /// <summary>What the tree's terminal shows of a service.</summary>
    public IReadOnlyList<string> Lines(string service) =>
        [.. Terminal.Output.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.StartsWith(service + ' ', StringComparison.Ordinal))];

    /// <summary>Waits until the tree's terminal shows this line of a service, and returns it.</summary>
    public async Task<string> LineAsync(string service, string pattern, int count = 1)
    {
        string[] Matching() => [.. Lines(service).Where(line => Regex.IsMatch(line, pattern))];

        try
        {
            await Wait.UntilAsync(() => Matching().Length >= count, $"{count} lines of {service} match {pattern}");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{Terminal.Output}", late);
        }

        return Matching()[count - 1];
    }

    public async ValueTask DisposeAsync()
    {
        await EndViewAsync();
        await Tree.DisposeAsync();
    }

    private async Task EndViewAsync()
    {
        if (_control is not null)
            await _control.DisposeAsync();

        if (_terminal is not null)
            await _terminal.DisposeAsync();

        (_control, _terminal) = (null, null);
    }

    private void Copy()
    {
        foreach (var file in Directory.EnumerateFiles(Sample, "*", new EnumerationOptions { RecurseSubdirectories = true }))
        {
            if (!Regex.IsMatch(file, "/(node_modules|bin|obj|__pycache__)/|sqlite3$"))
                Tree.Write(Path.GetRelativePath(Sample, file), File.ReadAllText(file));
        }

        File.CreateSymbolicLink(Path.Combine(Tree.Project, "frontend/node_modules"), Path.Combine(Sample, "frontend/node_modules"));
        Tree["PATH"] = $"/usr/bin:{Environment.GetEnvironmentVariable("PATH")}";

        foreach (var (service, port) in _ports)
            Tree[$"{service.ToUpperInvariant()}_PORT"] = $"{port}";
    }
}

/// <summary>A fact that needs the sample's servers, and its npm packages.</summary>
internal sealed class NineServersFactAttribute() : NeedsFactAttribute(
    "/usr/bin/python3", "/usr/lib/python3/dist-packages/django", "uvicorn", "gunicorn", "redis-server", "node", "git",
    Path.Combine(Executables.Repository, "samples/NineServers/frontend/node_modules/vite"));
