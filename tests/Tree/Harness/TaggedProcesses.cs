using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Supervisor.Tree.Harness;

/// <summary>The oracle about what outlived a test: looks into the environment of every process of the machine, whoever its parent is.</summary>
internal static class TaggedProcesses
{
    public const string TagVariable = "SUPERVISOR_TEST_TAG";

    /// <summary>Living processes (no zombies: those have no environment any more) that carry the tag.</summary>
    public static IReadOnlyList<TaggedProcess> Find(string tag)
    {
        var mark = Encoding.UTF8.GetBytes($"{TagVariable}={tag}\0");
        return
        [
            .. from folder in Directory.EnumerateDirectories("/proc")
               let name = Path.GetFileName(folder)
               where int.TryParse(name, CultureInfo.InvariantCulture, out _)
               where Environment(folder).AsSpan().IndexOf(mark) >= 0
               select new TaggedProcess(int.Parse(name, CultureInfo.InvariantCulture), CommandLine(folder)),
        ];
    }

    /// <summary>Zombies whose parent is this process.</summary>
    public static IReadOnlyList<int> ZombiesOf(int parent) =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           let pid = int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var number) ? number : 0
           where pid > 0 && ProcStat.TryRead(pid) is { State: "Z" } zombie && zombie.Parent == parent
           select pid,
    ];

    /// <summary>Alive or a zombie: nobody has collected it yet.</summary>
    public static bool Exists(int pid) => ProcStat.TryRead(pid) is not null;

    public static bool IsAlive(int pid) => ProcStat.TryRead(pid) is { State: not "Z" };

    private static byte[] Environment(string folder)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return []; // It ended between the listing and the reading, or it is not ours to read.
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
            // Gone by itself meanwhile: what was wanted.
        }
    }
}
