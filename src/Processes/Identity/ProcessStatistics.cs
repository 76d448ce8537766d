using System.Globalization;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>The total usage of a set of processes.</summary>
/// <param name="ResidentBytes">Shared memory counts once for each process.</param>
/// <param name="CpuTime">Of the living processes, since each one's start.</param>
public sealed record Usage(long ResidentBytes, TimeSpan CpuTime, int Processes);

/// <summary>Describes a process for users.</summary>
public sealed record ProcessDescription(int Pid, string Command, string User, DateTimeOffset? StartedAt)
{
    public override string ToString()
    {
        var started = StartedAt is { } at ? string.Create(CultureInfo.InvariantCulture, $", since {at.ToLocalTime():yyyy-MM-dd HH:mm:ss}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Command} (pid {Pid}, user {User}{started})");
    }
}

/// <summary>Statistics of single processes from /proc, cheap enough for every second. null: no such process (any more).</summary>
public static class ProcessStatistics
{
    private static readonly long TicksPerSecond = LibC.sysconf(LibC._SC_CLK_TCK);
    private static readonly Lazy<DateTimeOffset?> BootTime = new(ReadBootTime);

    public static long? ResidentBytes(int pid) =>
        ProcFile.TryRead(pid, "statm")?.Split(' ') is { Length: > 1 } fields
            ? long.Parse(fields[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize
            : null;

    /// <summary>The most that it ever held.</summary>
    public static long? PeakResidentBytes(int pid) =>
        ProcFile.StatusField(pid, "VmHWM:") is { } kilobytes ? long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024 : null;

    public static TimeSpan? CpuTime(int pid) => ProcFile.TryReadStat(pid) is { } stat ? FromTicks(stat.CpuTicks) : null;

    /// <summary>R running, S sleeping, D uninterruptible, T stopped, t traced, Z zombie.</summary>
    public static char? RunState(int pid) => ProcFile.TryReadStat(pid)?.State;

    /// <summary>true: a debugger is attached.</summary>
    public static bool IsTraced(int pid) => ProcFile.StatusField(pid, "TracerPid:") is not (null or "0");

    public static Usage Sum(IReadOnlyList<int> pids)
    {
        var resident = 0L;
        var cpu = TimeSpan.Zero;
        foreach (var pid in pids)
        {
            resident += ResidentBytes(pid) ?? 0;
            cpu += CpuTime(pid) ?? TimeSpan.Zero;
        }

        return new Usage(resident, cpu, pids.Count);
    }

    public static ProcessDescription? Describe(int pid)
    {
        if (ProcFile.TryReadStat(pid) is not { } stat)
            return null;

        var commandLine = (ProcFile.TryRead(pid, "cmdline") ?? "").TrimEnd('\0').Replace('\0', ' ');
        var command = commandLine.Length > 0 ? commandLine : $"[{ProcFile.Name(pid)}]";
        var startedAt = BootTime.Value + FromTicks(stat.StartTicks);
        return new ProcessDescription(pid, command, UserOf(pid), startedAt);
    }

    private static TimeSpan FromTicks(ulong ticks) => TimeSpan.FromSeconds((double)ticks / TicksPerSecond);

    private static string UserOf(int pid)
    {
        var uid = ProcFile.StatusField(pid, "Uid:") ?? "?";
        return Lines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(user => user.Length > 2 && user[2] == uid)?[0] ?? uid;
    }

    private static DateTimeOffset? ReadBootTime() =>
        Lines("/proc/stat").FirstOrDefault(line => line.StartsWith("btime ", StringComparison.Ordinal)) is { } line
            ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(line["btime ".Length..], CultureInfo.InvariantCulture))
            : null;

    private static string[] Lines(string path) => (PseudoFile.TryRead(path) ?? "").Split('\n');
}
