using System.Globalization;

namespace Supervisor.Tree.Harness;

/// <summary>The fields of /proc/PID/stat that tests need.</summary>
/// <param name="State">R running, S sleeping, D uninterruptible, T stopped, t traced, Z zombie.</param>
/// <param name="Threads">Those that have not ended. A zombie with more than one is not dead: the others still hold its files, sockets and locks.</param>
/// <param name="Cpu">CPU time of all its threads since it began, precise to 10 ms.</param>
/// <param name="StartTicks">Start time in ticks of the boot clock: together with the pid it identifies the process.</param>
internal sealed record ProcStat(string State, int Parent, int Threads, TimeSpan Cpu, long StartTicks)
{
    /// <summary>USER_HZ, which the kernel keeps at 100 for programs on every machine that .NET runs on, whatever its own clock does.</summary>
    public const int TicksPerSecond = 100;

    /// <summary>null: no such process.</summary>
    public static ProcStat? TryRead(int pid)
    {
        try
        {
            return Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // It has ended.
        }
    }

    /// <summary>
    /// The fields follow the name, which may itself contain blanks and parentheses: the last one ends it. Index 0 here is field 3 of proc(5).
    /// </summary>
    public static ProcStat? Parse(string text)
    {
        var end = text.LastIndexOf(')');
        if (end < 0 || text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is not { Length: > 19 } fields)
            return null;

        return new ProcStat(fields[0], (int)Number(fields[1]), (int)Number(fields[17]), FromTicks(Number(fields[11]) + Number(fields[12])), Number(fields[19]));
    }

    public static TimeSpan FromTicks(long ticks) => TimeSpan.FromSeconds((double)ticks / TicksPerSecond);

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
