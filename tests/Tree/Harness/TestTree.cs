using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Supervisor.Tree.Harness;

/// <summary>
/// A real supervision tree in its own folders, tested as a black box: command line, control pipe, files and /proc. Disposing stops it and checks that no
/// process it started is alive, whoever its parent is.
/// </summary>
internal sealed class TestTree : IAsyncDisposable
{
    private static int _lastPort = Environment.ProcessId * 37;

    private readonly Dictionary<string, string?> _environment = new(StringComparer.Ordinal);
    private int _saves;

    private TestTree(string root, string tag)
    {
        Root = root;
        Tag = tag;
        _environment["SUPERVISOR_RUNTIME_DIR"] = Path.Combine(root, "run");
        _environment["XDG_STATE_HOME"] = Path.Combine(root, "state");
        _environment["NO_COLOR"] = "1";
        _environment[TaggedProcesses.TagVariable] = tag;
    }

    public string Root { get; }

    /// <summary>A variable in the environment of everything that this tree starts.</summary>
    public string Tag { get; }

    public string Project => Path.Combine(Root, "project");

    public string Config => Path.Combine(Project, "supervisor.json");

    public string RuntimeBase => _environment["SUPERVISOR_RUNTIME_DIR"]!;

    public string StateBase => Path.Combine(_environment["XDG_STATE_HOME"]!, "supervisor");

    public string RuntimeFolder => Directory.GetDirectories(RuntimeBase).Single();

    public string ControlSocket => Path.Combine(RuntimeFolder, "control.sock");

    /// <summary>Sets an environment variable for every later command; null removes it.</summary>
    public string? this[string variable]
    {
        set => _environment[variable] = value;
    }

    public static TestTree Create([CallerMemberName] string test = "tree")
    {
        var root = Directory.CreateTempSubdirectory("sv-").FullName;
        var tree = new TestTree(root, $"{test[..Math.Min(40, test.Length)]}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(tree.Project);
        Directory.CreateDirectory(tree.RuntimeBase);
        File.SetUnixFileMode(tree.RuntimeBase, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return tree;
    }

    /// <summary>Free ports in a row, of which this is the first; below the range of ephemeral ports: no outgoing connection of a test can take one meanwhile.</summary>
    public static int FreePort(int inARow = 1)
    {
        while (true)
        {
            var first = 20_000 + ((Interlocked.Add(ref _lastPort, inARow) - inARow) % 12_000);

            if (Enumerable.Range(first, inARow).All(IsFree))
                return first;
        }

        static bool IsFree(int port)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Saves in one step, as most editors do: a file that is written in place is empty for a moment. On a busy machine that moment may be long enough to be a
    /// change of its own.
    /// </summary>
    public string Write(string path, string text)
    {
        var full = Path.Combine(Project, path);
        var whole = Path.Combine(Root, $"saving-{Interlocked.Increment(ref _saves)}");
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(whole, text);
        File.Move(whole, full, overwrite: true);
        return full;
    }

    public void WriteConfig(string json) => Write("supervisor.json", json);

    public Task<CommandResult> RunAsync(params string[] arguments) =>
        Command.RunAsync(Executables.Supervisor, arguments, Project, _environment, TimeSpan.FromSeconds(120));

    public Command Begin(params string[] arguments) => Command.Start(Executables.Supervisor, arguments, Project, _environment);

    public Command BeginOther(string file, params string[] arguments) => Command.Start(file, arguments, Project, _environment);

    public Task<CommandResult> RunOtherAsync(string file, params string[] arguments) =>
        Command.RunAsync(file, arguments, Project, _environment, TimeSpan.FromSeconds(120));

    /// <summary>Starts the tree detached and requires that every service is up.</summary>
    public async Task StartAsync()
    {
        var result = await TryStartAsync();
        if (result.ExitCode != 0)
            throw new InvalidOperationException($"The tree did not start: {result}\n{Logs()}");
    }

    /// <summary>Starts the tree detached, with any result of its services.</summary>
    public async Task<CommandResult> TryStartAsync()
    {
        await WaitForOlderTimestampsAsync();
        return await RunAsync("start", "-d");
    }

    /// <summary>
    /// The kernel stamps files with a clock that ticks every few milliseconds, so the watcher treats files saved in the last 20 ms before the start as
    /// changed. A person is never that fast; a test would sometimes see one extra reload.
    /// </summary>
    public Task WaitForOlderTimestampsAsync()
    {
        var newest = Directory.EnumerateFileSystemEntries(Project, "*", SearchOption.AllDirectories).Append(Project).Select(File.GetLastWriteTimeUtc).Max();
        return Wait.UntilAsync(() => DateTime.UtcNow - newest > TimeSpan.FromMilliseconds(50), "the clock has moved past the last save");
    }

    public async Task<StatusReport> StatusAsync()
    {
        var result = await RunAsync("status", "--json");
        if (result.ExitCode is not ((int)ExitCode.Ok or (int)ExitCode.Unhealthy))
            throw new InvalidOperationException($"status failed: {result}");

        return JsonSerializer.Deserialize(result.Output, ContractJson.Default.StatusReport)!;
    }

    public Task<ControlClient> ConnectAsync() => ControlClient.ConnectAsync(ControlSocket);

    public async ValueTask DisposeAsync()
    {
        var stopped = Directory.Exists(RuntimeBase) && Directory.EnumerateDirectories(RuntimeBase).Any() ? await StopAsync() : "no tree to stop";
        var left = TaggedProcesses.Find(Tag);
        foreach (var process in left)
            process.Kill();

        var logs = left.Count == 0 ? "" : Logs();
        Directory.Delete(Root, recursive: true);
        if (left.Count > 0)
            throw new InvalidOperationException($"The stopped tree left {string.Join(", ", left)}; stop said: {stopped}\n{logs}");
    }

    private async Task<string> StopAsync()
    {
        try
        {
            return (await RunAsync("stop")).ToString();
        }
        catch (TimeoutException late)
        {
            return late.Message; // The caller kills and reports what is left.
        }
    }

    /// <summary>The logs of the tree's own processes, for the message of a failed test.</summary>
    public string Logs() => !Directory.Exists(StateBase) ? "" : string.Join(
        "\n",
        Directory.EnumerateFiles(StateBase, "*.log*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"===== {Path.GetRelativePath(StateBase, file)}\n{string.Join('\n', File.ReadLines(file).TakeLast(60))}"));
}
