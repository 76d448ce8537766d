using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Supervisor.Tree.Harness;

/// <summary>The oracle about what outlived a test: looks into the environment of every process of the machine, whoever its parent is.</summary>
internal static class LeftBehind
{
    public const string TagVariable = "SUPERVISOR_TEST_TAG";

    /// <summary>Living processes (no zombies: those have no environment any more) that carry the tag.</summary>
    public static IReadOnlyList<TaggedProcess> Tagged(string tag)
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
           where int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)
           where StateOf(folder) is ("Z", var itsParent) && itsParent == parent
           select int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture),
    ];

    /// <summary>Alive or a zombie: nobody has collected it yet.</summary>
    public static bool IsThere(int pid) => StateOf($"/proc/{pid}") is not null;

    public static bool IsAlive(int pid) => StateOf($"/proc/{pid}") is { State: not "Z" };

    /// <summary>State letter and parent, which stand behind the name, which may itself hold blanks and parentheses; null: no such process.</summary>
    private static (string State, int Parent)? StateOf(string folder)
    {
        var stat = Read(Path.Combine(folder, "stat"));
        if (stat.Length == 0)
            return null;

        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture));
    }

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
