using Supervisor.Processes;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>A defect that is put into a copy of the watcher on purpose: an oracle that does not notice it would notice no real one either.</summary>
internal sealed record WatcherDefect(IReadOnlyList<WatcherEdit> Edits)
{
    /// <summary>A directory that has appeared is watched, but what was in it by then is not looked at: what most watchers do.</summary>
    public static readonly WatcherDefect DoesNotScanNewDirectories = new(
    [
        new("Crawling/TreeReader.Entries.cs", "Request(node, (flags & ReadFlags.First) | ReadFlags.Deep | (isUnignored ? ReadFlags.Unignored : ReadFlags.None));",
            "Request(node, flags.HasFlag(ReadFlags.First) ? ReadFlags.First | ReadFlags.Deep : (ReadFlags)64);"),
        new("Crawling/TreeReader.cs", "ReadEntries(node, current, directory, length, last, flags);",
            "if (!flags.HasFlag((ReadFlags)64)) ReadEntries(node, current, directory, length, last, flags);"),
    ]);
}

/// <param name="File">Below <c>src/Watcher</c>.</param>
/// <param name="Line">Stands there exactly once.</param>
internal sealed record WatcherEdit(string File, string Line, string Instead);

/// <summary>The watcher's executable, built from this checkout as it stands with one defect in it. Disposing deletes it.</summary>
internal sealed class PatchedWatcher : IDisposable
{
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(5);
    private static readonly string[] Projects = ["Client", "Wire", "Supervision", "Processes", "Configuration", "Filtering", "Watcher", "Host", "Parent", "Cli", "Supervisor"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("supervisor-patched-");

    private PatchedWatcher()
    {
    }

    public string Executable => Path.Combine(_folder.FullName, "out/supervisor-watcher");

    public static async Task<PatchedWatcher> BuildAsync(WatcherDefect defect)
    {
        var patched = new PatchedWatcher();

        foreach (var file in Sources())
            patched.Copy(file);

        foreach (var edit in defect.Edits)
            patched.Apply(edit);

        await patched.BuildAsync();
        return patched;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // What a build is made of: code, projects, locked packages, and the settings above them.
    private static IEnumerable<string> Sources() =>
        new[] { "", "src" }.Concat(Projects.Select(project => $"src/{project}"))
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder)))
            .Concat(Projects.SelectMany(project => Repository.SourceFiles($"src/{project}")))
            .Distinct(StringComparer.Ordinal);

    private void Copy(string file)
    {
        var to = Path.Combine(_folder.FullName, Repository.Relative(file));
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(file, to);
    }

    private void Apply(WatcherEdit edit)
    {
        var file = Path.Combine(_folder.FullName, "src/Watcher", edit.File);
        var parts = File.ReadAllText(file).Split(edit.Line);
        parts.Should().HaveCount(2, "the line that the defect replaces stands once in {0}; mend the defect where the code has moved", edit.File);
        File.WriteAllText(file, string.Join(edit.Instead, parts));
    }

    // Only errors matter in the output.
    private async Task BuildAsync()
    {
        var said = Path.Combine(_folder.FullName, "build.log");
        using var output = File.OpenHandle(said, FileMode.Create, FileAccess.Write);
        using var launcher = new ProcessLauncher(TimeProvider.System);
        var build = launcher.Spawn(new SpawnRequest(
            ["dotnet", "build", "src/Supervisor", "-c", "Release", "-o", Path.GetDirectoryName(Executable)!, "--nologo", "-v", "q", "-nodeReuse:false",
                "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false", "-p:Demo=false"],
            _folder.FullName, InheritedEnvironment.Read()) { StandardOutput = output });
        var ended = await build.Exited.WaitAsync(BuildDeadline);
        ended.IsSuccess.Should().BeTrue("{0}: {1}", ended.Describe(), await File.ReadAllTextAsync(said));
    }
}
