using System.Globalization;

namespace Supervisor.Processes;

/// <summary>Finds the processes that have a socket open, by the links in /proc/PID/fd.</summary>
internal static class SocketHolders
{
    /// <param name="links">In the kernel's format: <c>socket:[INODE]</c>.</param>
    public static IEnumerable<int> Pids(IReadOnlySet<string> links) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0 && Holds(pid, links));

    private static bool Holds(int pid, IReadOnlySet<string> links)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fd")
                .Any(descriptor => new FileInfo(descriptor).LinkTarget is { } target && links.Contains(target));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The process has ended, or belongs to another user: the kernel hides its descriptors.
            return false;
        }
    }
}
