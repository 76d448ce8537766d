using System.Globalization;

namespace Supervisor.Tree.Harness;

/// <summary>What the kernel says about a process in one line of /proc/PID/stat.</summary>
/// <param name="State">R running, S sleeping, D uninterruptible, T stopped, t traced, Z zombie.</param>
/// <param name="Cpu">Of all its threads since it began, 10 ms coarse.</param>
/// <param name="StartTicks">When it began, in ticks of the boot clock: with the pid, this is one run of one process.</param>
internal sealed record ProcStat(string State, int Parent, TimeSpan Cpu, long StartTicks)
{
    /// <summary>USER_HZ, which the kernel keeps at 100 for programs on every machine that .NET runs on, whatever its own clock does.</summary>
    public const int TicksPerSecond = 100;

    /// <summary>null: no such process (any more).</summary>
    public static ProcStat? TryRead(int pid)
    {
        try
        {
            return Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // It ended meanwhile, or before.
        }
    }

    /// <summary>The fields stand behind the name, which may itself hold blanks and parentheses: the last one ends it. Field 3 of proc(5) is the first here.</summary>
    public static ProcStat? Parse(string text)
    {
        var end = text.LastIndexOf(')');
        if (end < 0 || text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is not { Length: > 19 } fields)
            return null;

        return new ProcStat(fields[0], (int)Number(fields[1]), FromTicks(Number(fields[11]) + Number(fields[12])), Number(fields[19]));
    }

    public static TimeSpan FromTicks(long ticks) => TimeSpan.FromSeconds((double)ticks / TicksPerSecond);

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
