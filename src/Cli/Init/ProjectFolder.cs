using Supervisor.Cli.Init.Reading;

namespace Supervisor.Cli.Init;

/// <summary>Reads from the disk what says which servers a project has.</summary>
internal static class ProjectFolder
{
    /// <summary>Of folders: <c>src/Services/Shop/Properties/launchSettings.json</c> has four above it.</summary>
    private const int MaxDepth = 5;

    private const int MaxEntries = 50_000;
    private const long MaxBytes = 1 << 20;

    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal) { "node_modules", "vendor", "bower_components", "__pycache__", "obj", "dist", "build", "target", "deps", "_build", "artifacts", "venv" };

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "package.json", "launchSettings.json", "manage.py", "Gemfile", "mix.exs", "pnpm-workspace.yaml", "rails",
        "main.py", "app.py", "asgi.py", "server.py", "api.py", "application.py", "__init__.py",
    };

    /// <param name="named">Files that are read whatever they are called; relative to the root, or absolute.</param>
    public static ProjectFiles Read(string root, IReadOnlyList<string> named)
    {
        var (paths, texts) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        var folders = new Queue<(string Path, int Depth)>([("", 0)]);
        var entries = 0;

        // The shallow ones first: of a huge tree, the limit cuts the depth off.
        while (folders.TryDequeue(out var folder) && entries < MaxEntries)
        {
            foreach (var (name, isFolder) in EntriesOf(Path.Combine(root, folder.Path)))
            {
                var path = ProjectFiles.Join(folder.Path, name);
                entries++;

                if (isFolder && folder.Depth < MaxDepth && !name.StartsWith('.') && !Skipped.Contains(name))
                    folders.Enqueue((path, folder.Depth + 1));
                else if (isFolder && name is ".venv" or "venv" && File.Exists(Path.Combine(root, path, "bin", "python")))
                    paths.Add(path + "/bin/python");
                else if (!isFolder)
                    paths.Add(path);
            }
        }

        foreach (var path in paths.Where(path => IsKnown(path, ProjectFiles.NameOf(path))).Union(named, StringComparer.Ordinal))
        {
            if (TryReadText(Path.Combine(root, path)) is { } text)
                texts[path] = text;
        }

        return new ProjectFiles(paths, texts);
    }

    private static bool IsKnown(string path, string name) => Known.Contains(name)
        || name.StartsWith("vite.config.", StringComparison.Ordinal) || name.EndsWith(".csproj", StringComparison.Ordinal)
        || (name == path && (name.StartsWith("Procfile", StringComparison.Ordinal) || name.Contains("compose", StringComparison.Ordinal) || name.StartsWith("mprocs", StringComparison.Ordinal)));

    private static IEnumerable<(string Name, bool IsFolder)> EntriesOf(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal)
                // A link to a folder may lead in a circle.
                .Where(entry => entry is not DirectoryInfo { LinkTarget: not null })
                .Select(entry => (entry.Name, entry is DirectoryInfo))];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return []; // What cannot be read says nothing.
        }
    }

    private static string? TryReadText(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MaxBytes } ? File.ReadAllText(path) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null; // As above.
        }
    }
}
