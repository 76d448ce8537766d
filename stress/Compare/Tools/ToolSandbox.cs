using System.Net;
using System.Net.Sockets;
using Supervisor.Stress.Project;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>
/// The sandbox of one tool: the project, a folder for its own files and logs, and a tag in the environment of everything it starts. Owns every process with
/// the tag, whoever its parent is: after <see cref="KillAllAsync"/> none is alive. Not thread-safe.
/// </summary>
internal sealed class ToolSandbox : IAsyncDisposable
{
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, Command> _begun = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _environment = new(StringComparer.Ordinal) { ["NO_COLOR"] = "1" };

    public ToolSandbox(ProjectTree project, IReadOnlyList<ServerCommand> servers, string folder, string tag)
    {
        (Project, Servers, Folder, Tag) = (project, servers, folder, tag);
        _environment[TaggedProcesses.TagVariable] = tag;
    }

    public ProjectTree Project { get; }

    public IReadOnlyList<ServerCommand> Servers { get; }

    public string Folder { get; }

    public string Tag { get; }

    /// <summary>Sets an environment variable for everything started from now on.</summary>
    public string this[string variable]
    {
        set => _environment[variable] = value;
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string WriteScript(string name, string text)
    {
        var path = Write(name, text);
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>Everything that the tool or its servers printed.</summary>
    public string Log(string name) => Path.Combine(Folder, name + ".log") is var log && File.Exists(log) ? File.ReadAllText(log) : "";

    /// <summary>Starts a command as a user would in its own terminal: in its own session and process group, so that Ctrl-C reaches all of it.</summary>
    public void Begin(string name, IReadOnlyList<string> command, string folder)
    {
        var log = Path.Combine(Folder, name + ".log");
        _begun[name] = Command.Start(
            "setsid", ["sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log, Program(command[0]), .. command.Skip(1)],
            folder, _environment);
    }

    /// <summary>The pid of the process that <see cref="Begin"/> started; null: it has ended.</summary>
    public int? FindAlive(string name) => _begun.TryGetValue(name, out var command) && TaggedProcesses.IsAlive(command.Pid) ? command.Pid : null;

    /// <summary>Ctrl-C in each terminal, and a second one for those that still run after ten seconds.</summary>
    public async Task InterruptAllAsync()
    {
        for (var attempt = 0; attempt < 2 && _begun.Keys.Any(name => FindAlive(name) is not null); attempt++)
        {
            foreach (var pid in _begun.Keys.Select(FindAlive).OfType<int>())
                await RunAsync(["kill", "-INT", "--", $"-{pid}"]);
            await WaitUntilAsync(() => _begun.Keys.All(name => FindAlive(name) is null), TimeSpan.FromSeconds(10));
        }
    }

    public Task<CommandResult> RunAsync(IReadOnlyList<string> command) =>
        Command.RunAsync(Program(command[0]), command.Skip(1), Project.Folder, _environment, CommandDeadline);

    /// <summary>Running processes with the tag.</summary>
    public IReadOnlyList<TaggedProcess> Processes => TaggedProcesses.Find(Tag);

    public int? Find(params string[] parts) => Processes
        .FirstOrDefault(process => parts.All(part => process.CommandLine.Contains(part, StringComparison.Ordinal)))?.Pid;

    /// <summary>Services with a bound port.</summary>
    public IReadOnlyList<string> BoundPorts() =>
        [.. Project.Services.Where(service => IsBound(service.Port)).Select(service => service.Name)];

    public async Task KillAllAsync()
    {
        await Wait.UntilAsync(
            () =>
            {
                var left = TaggedProcesses.Find(Tag);
                foreach (var process in left)
                    process.Kill();
                return left.Count == 0;
            },
            $"every process of {Tag} is gone");
        foreach (var command in _begun.Values)
            await command.DisposeAsync();
        _begun.Clear();
    }

    /// <summary>Returns whether the condition held within the time.</summary>
    public static async Task<bool> WaitUntilAsync(Func<bool> holds, TimeSpan within)
    {
        try
        {
            await Wait.UntilAsync(holds, "the condition holds", within);
            return true;
        }
        catch (TimeoutException)
        {
            return false; // The return value says so.
        }
    }

    public ValueTask DisposeAsync() => new(KillAllAsync());

    private static string Program(string name) => Programs.Find(name) ?? name;

    private static bool IsBound(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false; // Refused: nobody listens.
        }
    }
}
