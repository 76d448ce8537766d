namespace Supervisor.Stress.Project;

/// <summary>The sources of one service for jobs: which they may edit, and the folders with a fixed meaning.</summary>
internal sealed class SourceFolder(ProjectService service)
{
    /// <summary>Packages unpacked into the project.</summary>
    public const string Vendor = "vendor";

    /// <summary>Never changed after creation: the server must always be able to start.</summary>
    private const string Server = "server";

    public string Folder => service.Folder;

    /// <summary>The paths that jobs may rewrite: neither the server's program nor files at the top.</summary>
    public IReadOnlyList<string> Editable() =>
    [
        .. SourceManifest.Paths(service.Folder, service.Extension)
            .Where(path => path.Contains('/', StringComparison.Ordinal) && !path.StartsWith(Server + '/', StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>At most that many editable paths, in random order.</summary>
    public IReadOnlyList<string> Pick(int count, Random random)
    {
        var paths = Editable().ToArray();
        random.Shuffle(paths);
        return paths.AsSpan(0, Math.Min(count, paths.Length)).ToArray();
    }

    /// <summary>The paths that a code generator writes.</summary>
    public IEnumerable<string> Generated(int count) => Numbered("generated", count);

    /// <summary>Paths FOLDER/part_0 … in the service's language.</summary>
    public IEnumerable<string> Numbered(string folder, int count) =>
        Enumerable.Range(0, count).Select(number => $"{folder}/part_{number}{service.Extension}");

    public string PathOf(string path) => Path.Combine(service.Folder, path);

    public void Write(string path, string content)
    {
        var file = PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }
}
