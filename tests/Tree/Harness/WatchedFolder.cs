using System.Runtime.CompilerServices;

namespace Supervisor.Tree.Harness;

/// <summary>
/// A folder for a watcher executable, with an unwatched one beside it and one for the watcher itself. Disposing removes all of it and checks that no process
/// started there is alive.
/// </summary>
internal sealed class WatchedFolder : IAsyncDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("sv-");

    private WatchedFolder(string tag)
    {
        Tag = tag;
        Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [TaggedProcesses.TagVariable] = tag, ["SUPERVISOR_LOG_DIR"] = Logs, ["HOME"] = Home, ["TMPDIR"] = Home, ["LC_ALL"] = "C.UTF-8",
        };

        foreach (var folder in new[] { Root, Outside, Runtime, Logs })
            Directory.CreateDirectory(folder);
    }

    public static WatchedFolder Create([CallerMemberName] string test = "folder") =>
        new($"{test[..Math.Min(40, test.Length)]}-{Guid.NewGuid():N}");

    /// <summary>A variable in the environment of everything that is started here.</summary>
    public string Tag { get; }

    public IReadOnlyDictionary<string, string?> Environment { get; }

    /// <summary>The folder that contains all others: the HOME of the tools.</summary>
    public string Home => _home.FullName;

    public string Root => Path.Combine(Home, "tree");

    /// <summary>On the same file system, not watched.</summary>
    public string Outside => Path.Combine(Home, "outside");

    public string Runtime => Path.Combine(Home, "run");

    public string Snapshot => Path.Combine(Runtime, "watcher.snapshot");

    private string Logs => Path.Combine(Home, "logs");

    public string this[string name] => Path.Combine(Root, name);

    public void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
    }

    /// <summary>Runs a shell command in the root and requires its success.</summary>
    public async Task RunAsync(string command)
    {
        var result = await Command.RunAsync("/bin/sh", ["-ec", command], Root, Environment, Wait.DefaultTimeout);

        if (result.ExitCode != 0)
            throw new InvalidOperationException($"{command}: {result}");
    }

    /// <summary>The logs of the watchers, for the message of a failed test.</summary>
    public string ReadLogs() => string.Join(
        '\n', Directory.EnumerateFiles(Logs).Order(StringComparer.Ordinal).SelectMany(file => File.ReadLines(file).TakeLast(60)));

    public async ValueTask DisposeAsync()
    {
        var left = TaggedProcesses.Find(Tag);

        foreach (var process in left)
            process.Kill();

        // .NET cannot remove every name.
        await Command.RunAsync("rm", ["-rf", Home], "/", Environment, Wait.DefaultTimeout);

        if (left.Count > 0 || Directory.Exists(Home))
            throw new InvalidOperationException($"Left in {Home}: {string.Join(", ", left)}");
    }
}
