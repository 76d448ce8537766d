namespace Supervisor.Cli.Doctor;

/// <summary>Counts the inotify instances and watches of the processes that this user may look into. The kernel has no total.</summary>
internal static class InotifyUse
{
    private const string Link = "anon_inode:inotify";

    public static (long Instances, long Watches) Count()
    {
        var (instances, watches) = (0L, 0L);

        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder.AsSpan())[0])))
        {
            foreach (var descriptor in Descriptors(process))
            {
                instances++;
                watches += Watches(Path.Combine(process, "fdinfo", Path.GetFileName(descriptor)));
            }
        }

        return (instances, watches);
    }

    private static string[] Descriptors(string process)
    {
        try
        {
            return [.. Directory.EnumerateFiles(Path.Combine(process, "fd")).Where(descriptor => new FileInfo(descriptor).LinkTarget == Link)];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It has ended, or belongs to another user, for whom other limits count.
            return [];
        }
    }

    private static long Watches(string path)
    {
        try
        {
            return File.ReadLines(path).LongCount(line => line.StartsWith("inotify ", StringComparison.Ordinal));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // As above.
            return 0;
        }
    }
}
