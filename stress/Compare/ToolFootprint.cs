using System.Globalization;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Compare;

/// <summary>The cost of the tool itself: all its processes except the servers and their descendants.</summary>
/// <param name="Bytes">PSS: pages shared by several processes are counted once.</param>
/// <param name="Watches">inotify watches of all its processes, including the servers' where the watcher is inside them.</param>
internal sealed record ToolFootprint(int Processes, long Bytes, int Watches)
{
    public static ToolFootprint Measure(string tag, IReadOnlySet<int> servers)
    {
        var all = TaggedProcesses.Find(tag);
        var parents = all.ToDictionary(process => process.Pid, process => ParentOf(process.Pid));
        var own = all.Where(process => !BelongsToServer(process.Pid, parents, servers)).Select(process => process.Pid).ToArray();
        return new ToolFootprint(own.Length, own.Sum(ProportionalBytes), all.Sum(process => WatchesOf(process.Pid)));
    }

    internal static bool BelongsToServer(int pid, IReadOnlyDictionary<int, int> parents, IReadOnlySet<int> servers)
    {
        // The walk ends at a parent that is not a process of the tool.
        for (var at = pid; parents.ContainsKey(at); at = parents[at])
        {
            if (servers.Contains(at))
                return true;
        }

        return false;
    }

    private static int ParentOf(int pid)
    {
        var stat = Lines($"/proc/{pid}/stat").FirstOrDefault("");
        return stat.Length == 0 ? 0 : int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static long ProportionalBytes(int pid) => Lines($"/proc/{pid}/smaps_rollup")
        .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line["Pss:".Length..^"kB".Length], CultureInfo.InvariantCulture) * 1024);

    private static int WatchesOf(int pid)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fdinfo")
                .Sum(file => Lines(file).Count(line => line.StartsWith("inotify wd:", StringComparison.Ordinal)));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0; // The process ended meanwhile.
        }
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return []; // The process or the descriptor is gone.
        }
    }
}
