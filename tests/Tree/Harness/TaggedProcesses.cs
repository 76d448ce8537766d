using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Supervisor.Tree.Harness;

/// <summary>Finds processes by a tag in their environment, whoever their parent is: what outlived a test.</summary>
internal static class TaggedProcesses
{
    public const string TagVariable = "SUPERVISOR_TEST_TAG";

    /// <summary>Running processes with the tag; zombies have no environment any more.</summary>
    public static IReadOnlyList<TaggedProcess> Find(string tag)
    {
        var entry = Encoding.UTF8.GetBytes($"{TagVariable}={tag}\0");
        return
        [
            .. from folder in Directory.EnumerateDirectories("/proc")
               let name = Path.GetFileName(folder)
               where int.TryParse(name, CultureInfo.InvariantCulture, out _)
               where Environment(folder).AsSpan().IndexOf(entry) >= 0
               select new TaggedProcess(int.Parse(name, CultureInfo.InvariantCulture), CommandLine(folder)),
        ];
    }

    /// <summary>A process that has just ended is a zombie until its parent has run.</summary>
    public static Task ReapedByAsync(int parent) => Wait.UntilAsync(() => ZombiesOf(parent).Count == 0, $"{parent} has reaped all that ended");

    /// <summary>Zombies whose parent is this process.</summary>
    public static IReadOnlyList<int> ZombiesOf(int parent) =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           let pid = int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var number) ? number : 0
           where pid > 0 && ProcStat.TryRead(pid) is { State: "Z" } zombie && zombie.Parent == parent
           select pid,
    ];

    /// <summary>Running or a zombie: not yet reaped.</summary>
    public static bool Exists(int pid) => ProcStat.TryRead(pid) is not null;

    public static bool IsAlive(int pid) => ProcStat.TryRead(pid) is { } process && process is not { State: "Z", Threads: <= 1 };

    private static byte[] Environment(string folder)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return []; // It ended meanwhile, or it belongs to another user.
        }
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return ""; // As above.
        }
    }

    private static string CommandLine(string folder) => Read(Path.Combine(folder, "cmdline")).Replace('\0', ' ').Trim();
}

internal sealed record TaggedProcess(int Pid, string CommandLine)
{
    public void Kill()
    {
        try
        {
            using var process = Process.GetProcessById(Pid);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It ended by itself meanwhile.
        }
    }
}
