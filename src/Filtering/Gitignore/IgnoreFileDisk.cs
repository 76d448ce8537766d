namespace Supervisor.Filtering.Gitignore;

/// <summary>
/// Reads ignore files. One that is not there, cannot be read or is no plain file brings no rules, as with git. Any thread; blocks for the
/// reading of small files.
/// </summary>
public static class IgnoreFileDisk
{
    public const string Name = ".gitignore";

    private const string PointerPrefix = "gitdir:";

    /// <summary>Where git looks for a user's own rules unless <c>core.excludesFile</c> names another place; null: this user has no home.</summary>
    public static string? GlobalPath =>
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } configuration ? Path.Combine(configuration, "git", "ignore")
        : Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".config", "git", "ignore")
        : null;

    /// <summary>A repository's <c>info/exclude</c>; of a worktree's, the main repository's.</summary>
    public static string ExcludePath(string top)
    {
        var folder = Path.Combine(top, ".git");

        if (ReadText(folder) is { } pointer && pointer.StartsWith(PointerPrefix, StringComparison.Ordinal))
            folder = Path.GetFullPath(Path.Combine(top, pointer[PointerPrefix.Length..].Trim()));

        if (ReadText(Path.Combine(folder, "commondir")) is { } common)
            folder = Path.GetFullPath(Path.Combine(folder, common.Trim()));

        return Path.Combine(folder, "info", "exclude");
    }

    /// <summary>What a directory with these marks brings into force.</summary>
    /// <param name="openAs">Another path to the same directory: its descriptor's, which is right whatever bytes its name has.</param>
    public static DirectoryRules Read(string directory, DirectoryMarks marks, string? openAs = null)
    {
        if ((marks & DirectoryMarks.Git) == DirectoryMarks.None)
            return marks == DirectoryMarks.None ? DirectoryRules.None : new DirectoryRules(marks, []);

        var files = new List<IgnoreFile?>();

        if (marks.HasFlag(DirectoryMarks.Repository))
        {
            files.Add(GlobalPath is { } global ? Read(global) : null);
            files.Add(Read(ExcludePath(directory)));
        }

        // git follows no link here, since 2.32.
        var own = Path.Combine(openAs ?? directory, Name);

        if (marks.HasFlag(DirectoryMarks.IgnoreFile) && new FileInfo(own).LinkTarget is null)
            files.Add(ReadBytes(own) is { } content ? IgnoreFile.Parse(Path.Combine(directory, Name), content) : null);

        return new DirectoryRules(marks, [.. files.OfType<IgnoreFile>()]);
    }

    /// <summary>The marks in a directory that nobody has listed, by listing it.</summary>
    public static DirectoryMarks MarksIn(string directory)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(directory)
                .Aggregate(DirectoryMarks.None, (marks, path) => marks | DirectoryMark.Of(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(path))));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone, or not ours to list: then it brings nothing.
            return DirectoryMarks.None;
        }
    }

    private static IgnoreFile? Read(string path) => ReadBytes(path) is { } content ? IgnoreFile.Parse(path, content) : null;

    private static string? ReadText(string path) => ReadBytes(path) is { } content ? FileName.Decode(content).Trim() : null;

    private static byte[]? ReadBytes(string path)
    {
        try
        {
            // A pipe or a device has no length, and reading it could take for ever.
            return new FileInfo(path) is { Exists: true, Length: > 0 and <= IgnoreFile.LargestSize } ? File.ReadAllBytes(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone, or not ours to read.
            return null;
        }
    }
}
