using System.Globalization;

namespace Supervisor.Stress.Faults;

/// <summary>The fields of /proc/PID/stat that faults need.</summary>
internal sealed record ProcessFields(int Pid, string State, int Parent, int Session, TimeSpan CpuTime, string StartTicks)
{
    /// <summary>USER_HZ: the unit of times in /proc, independent of the kernel's internal clock.</summary>
    private const long TicksPerSecond = 100;

    public static ProcessFields? TryRead(int pid)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>All descendants of the process.</summary>
    public static IReadOnlyList<ProcessFields> Below(int ancestor)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder))
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => TryRead(int.Parse(name, CultureInfo.InvariantCulture)))
            .OfType<ProcessFields>().ToLookup(process => process.Parent);
        var found = new List<ProcessFields>(all[ancestor]);
        for (var i = 0; i < found.Count; i++)
            found.AddRange(all[found[i].Pid]);
        return found;
    }

    /// <summary>The name, in parentheses, may itself contain blanks and parentheses: the last one ends it.</summary>
    public static ProcessFields? Parse(string stat)
    {
        var end = stat.LastIndexOf(')');
        if (end < 0)
            return null;

        var pid = stat[..stat.IndexOf(' ', StringComparison.Ordinal)];
        var fields = stat[(end + 2)..].Split(' ');
        var cpu = TimeSpan.FromTicks((Number(fields[11]) + Number(fields[12])) * TimeSpan.TicksPerSecond / TicksPerSecond);
        return new ProcessFields((int)Number(pid), fields[0], (int)Number(fields[1]), (int)Number(fields[3]), cpu, fields[19]);
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
