using System.IO.Enumeration;

namespace Supervisor.Filtering.Links;

/// <summary>Finds out where links lead. Looks at the file system, and blocks for it; any thread.</summary>
public static class LinkReader
{
    /// <summary>A link to a larger folder leads to data, not to sources: reading it would take the watcher's memory.</summary>
    public const int MostFolders = 2_000;

    /// <summary>As <see cref="MostFolders"/>, of files and folders together.</summary>
    public const int MostEntries = 40_000;

    // As the kernel does.
    private const int MostLinks = 40;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, RecurseSubdirectories = true };

    /// <summary>Null: it is no link to a folder, or to none that can be named.</summary>
    public static LinkedFolder? Read(WatchFilter filter, string link)
    {
        if (RealPath(Path.GetDirectoryName(link)!) is not { } holder || RealPath(link) is not { } target || !Directory.Exists(target))
            return null;

        var roots = filter.Roots.Select(root => (root, RealPath(root))).Where(root => root.Item2 is not null).Select(root => (root.root, root.Item2!));
        return new LinkedFolder(link, holder, target, filter.Links.TargetsAbove(link), [.. roots], RealPath(Environment.GetEnvironmentVariable("HOME")));
    }

    /// <summary>The path without links; null where there is nothing, or where links lead in a circle.</summary>
    public static string? RealPath(string? path)
    {
        if (path is not ['/', ..])
            return null;

        var names = new Stack<string>(path.Split('/').Reverse());
        var real = "/";

        for (var links = 0; names.TryPop(out var name);)
        {
            if (name is "" or ".")
                continue;

            if (name == "..")
            {
                real = Path.GetDirectoryName(real) ?? "/";
                continue;
            }

            var next = Path.Combine(real, name);

            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
                return null;

            if (target.StartsWith('/'))
                real = "/";

            foreach (var step in target.Split('/').Reverse())
                names.Push(step);
        }

        return Path.Exists(real) ? real : null;
    }

    /// <summary>Null: the folder is small enough to be followed to. What is ignored by its name is not counted.</summary>
    public static LinkRefusal? ReasonOfSize(string target)
    {
        var (folders, entries) = (0, 0);

        try
        {
            foreach (var isFolder in Entries(target))
            {
                folders += isFolder ? 1 : 0;

                if (folders > MostFolders || ++entries > MostEntries)
                    return new LinkRefusal($"it holds more than {MostFolders:N0} folders or {MostEntries:N0} entries; name the folders in it that matter in watch.paths", IsSurprising: true);
            }
        }
        catch (IOException)
        {
            // Removed meanwhile: that is the next event.
        }

        return null;
    }

    private static FileSystemEnumerable<bool> Entries(string target) => new(target, (ref entry) => IsFolder(ref entry), Everything)
    {
        ShouldRecursePredicate = (ref entry) => IsFolder(ref entry) && !BuiltInIgnores.IsIgnoredDirectory(entry.FileName),
    };

    private static bool IsFolder(ref FileSystemEntry entry) => entry.IsDirectory && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
}
