namespace Supervisor.Unit.Processes;

/// <summary>Checks what a test left in the system. Reads /proc directly, without the code under test.</summary>
internal static class LeakCheck
{
    /// <summary>The living processes of the machine that have the tag in their environment.</summary>
    public static IReadOnlyList<int> Tagged(string tag) =>
        [.. Pids().Where(pid => Read($"/proc/{pid}/environ").Split('\0').Contains($"SUPERVISOR_TAG={tag}", StringComparer.Ordinal))];

    public static IReadOnlyList<int> ZombiesOf(int parent) =>
        [.. Pids().Where(pid => Fields(pid) is ["Z", var its, ..] && its == $"{parent}")];

    public static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    public static int Threads() => Directory.GetDirectories("/proc/self/task").Length;

    // A zombie may still be waiting for its reaper and a thread for its end: only what stays is a leak.
    public static async Task<bool> EventuallyAsync(Func<bool> condition)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromSeconds(60))
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
        }

        return true;
    }

    // State, parent, group, session, ... as in proc(5), from field 3 on.
    public static string[] Fields(int pid)
    {
        var stat = Read($"/proc/{pid}/stat");
        return stat.Length == 0 ? [] : stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static IEnumerable<int> Pids() =>
        Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!));
}
