namespace Supervisor.Filtering.Gitignore;

/// <summary>
/// Reads ignore files. A missing, unreadable or irregular file adds no rules, as with git. Any thread; blocks for the
/// reading of small files.
/// </summary>
public static class IgnoreFileLoader
{
    public const string Name = ".gitignore";

    private const string PointerPrefix = "gitdir:";

    /// <summary>Every file outside a repository's tree that its rules depend on, there or not.</summary>
    public static IReadOnlyList<string> Outside(string top)
    {
        var repository = RepositoryOf(top);
        var settings = GitSettings.Load(repository);
        return [ExcludePath(repository), .. settings.Files, .. settings.ExcludesPath(top) is { } own ? [own] : Array.Empty<string>()];
    }

    /// <summary>The rules of a directory with these markers.</summary>
    /// <param name="openAs">Another path to the same directory: its descriptor's, which is right whatever bytes its name has.</param>
    public static DirectoryRules Read(string directory, DirectoryMarkers markers, string? openAs = null)
    {
        if ((markers & DirectoryMarkers.Git) == DirectoryMarkers.None)
            return markers == DirectoryMarkers.None ? DirectoryRules.None : new DirectoryRules(markers, []);

        var files = new List<IgnoreFile?>();

        if (markers.HasFlag(DirectoryMarkers.Repository))
        {
            var repository = RepositoryOf(directory);
            files.Add(GitSettings.Load(repository).ExcludesPath(directory) is { } own ? Read(own) : null);
            files.Add(Read(ExcludePath(repository)));
        }

        // git follows no link here, since 2.32.
        var within = Path.Combine(openAs ?? directory, Name);

        if (markers.HasFlag(DirectoryMarkers.IgnoreFile) && new FileInfo(within).LinkTarget is null)
            files.Add(ReadBytes(within) is { } content ? IgnoreFile.Parse(Path.Combine(directory, Name), content) : null);

        return new DirectoryRules(markers, [.. files.OfType<IgnoreFile>()]);
    }

    /// <summary>Lists a directory and returns its markers.</summary>
    public static DirectoryMarkers MarkersIn(string directory)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(directory)
                .Aggregate(DirectoryMarkers.None, (markers, path) => markers | MarkerFile.Of(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(path))));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone, or not readable: then it adds no rules.
            return DirectoryMarkers.None;
        }
    }

    /// <summary>Null also where it holds a zero byte: it is no text then, and nothing in it a path.</summary>
    internal static string? ReadText(string path) =>
        ReadBytes(path) is { } content && !content.Contains((byte)0) ? FileName.Decode(content).Trim() : null;

    /// <summary>The folder with a repository's <c>config</c> and <c>info</c>; of a worktree's, the main repository's.</summary>
    private static string RepositoryOf(string top)
    {
        var folder = Path.Combine(top, ".git");

        if (ReadText(folder) is { } pointer && pointer.StartsWith(PointerPrefix, StringComparison.Ordinal))
            folder = Path.GetFullPath(Path.Combine(top, pointer[PointerPrefix.Length..].Trim()));

        return ReadText(Path.Combine(folder, "commondir")) is { } common ? Path.GetFullPath(Path.Combine(folder, common.Trim())) : folder;
    }

    private static string ExcludePath(string repository) => Path.Combine(repository, "info", "exclude");

    private static IgnoreFile? Read(string path) => ReadBytes(path) is { } content ? IgnoreFile.Parse(path, content) : null;

    private static byte[]? ReadBytes(string path)
    {
        try
        {
            // A pipe or a device has no length, and reading it could block for ever.
            return new FileInfo(path) is { Exists: true, Length: > 0 and <= IgnoreFile.LargestSize } ? File.ReadAllBytes(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone, or not readable.
            return null;
        }
    }
}
