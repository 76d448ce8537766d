using System.Globalization;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Observing;

/// <summary>The resource usage of one process, from /proc.</summary>
/// <param name="MappedBytes">Resident pages of files: programs and libraries.</param>
internal sealed record ProcessFigures(long ResidentBytes, long PeakBytes, long MappedBytes, int Threads, int Descriptors, TimeSpan Cpu)
{
    private const int Kilobyte = 1024;

    /// <summary>null: no such process any more, or a zombie.</summary>
    public static ProcessFigures? TryRead(int pid)
    {
        if (ProcStat.TryRead(pid) is not { State: not "Z" } stat)
            return null;

        try
        {
            var status = File.ReadAllText(PathOf(pid, "status"));
            return Line(status, "VmRSS:") is { } resident && Line(status, "VmHWM:") is { } peak && Line(status, "RssFile:") is { } mapped
                && Line(status, "Threads:") is { } threads
                ? new ProcessFigures(
                    resident * Kilobyte, peak * Kilobyte, mapped * Kilobyte, (int)threads, Descriptors: CountOf(PathOf(pid, "fd")), stat.Cpu)
                : null; // An exiting process has no memory any more.
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // It ended between two reads: partial figures are useless.
        }
    }

    /// <summary>Its proportional share of mapped memory (PSS). Expensive: the kernel walks the page tables. null: as above.</summary>
    public static long? TryReadProportional(int pid)
    {
        try
        {
            return Line(File.ReadAllText(PathOf(pid, "smaps_rollup")), "Pss:") * Kilobyte;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // It ended meanwhile.
        }
    }

    /// <summary>The number on the line that begins with the name.</summary>
    internal static long? Line(string text, string name)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
                return long.Parse(line[name.Length..].Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture);
        }

        return null;
    }

    private static int CountOf(string folder) => Directory.EnumerateFileSystemEntries(folder).Count();

    private static string PathOf(int pid, string file) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}");
}
