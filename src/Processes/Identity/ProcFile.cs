using System.Globalization;

namespace Supervisor.Processes;

/// <summary>Reads the files of single processes in /proc. A process may end at any moment: then the result is null or empty.</summary>
internal static class ProcFile
{
    // Field 50 of proc(5), counted from field 3: not 0 even for an empty environment.
    private const int EnvironmentStart = 47;

    /// <summary>The fields of /proc/PID/stat that we use.</summary>
    internal readonly record struct Stat(char State, int Parent, int Group, int Session, ulong CpuTicks, ulong StartTicks);

    public static Stat? TryReadStat(int pid) => TryRead(pid, "stat") is { Length: > 0 } text ? ParseStat(text) : null;

    /// <summary>The command name is in parentheses and may contain spaces and parentheses: the last parenthesis ends it.</summary>
    internal static Stat? ParseStat(string text)
    {
        var end = text.LastIndexOf(')');
        if (end < 0 || end + 2 >= text.Length)
            return null;

        var fields = text[(end + 2)..].Split(' ');
        // Field 3 of proc(5) is fields[0]: state 3, ppid 4, pgrp 5, session 6, utime 14, stime 15, starttime 22.
        return fields.Length < 20
            ? null
            : new Stat(fields[0][0], Number(fields[1]), Number(fields[2]), Number(fields[3]), Ticks(fields[11]) + Ticks(fields[12]), Ticks(fields[19]));
    }

    /// <summary>A zombie or dead process does not run; it only waits to be reaped.</summary>
    public static bool IsAlive(int pid) => TryReadStat(pid) is { State: not ('Z' or 'X') };

    /// <summary>The direct children of all threads of the process.</summary>
    public static IEnumerable<int> Children(int pid)
    {
        string[] threads;
        try
        {
            threads = Directory.GetDirectories($"/proc/{pid}/task");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            yield break;
        }

        foreach (var thread in threads)
        {
            foreach (var child in (PseudoFile.TryRead(thread + "/children") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                yield return Number(child);
        }
    }

    public static IEnumerable<int> AllPids()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                yield return pid;
        }
    }

    /// <summary>The value of a variable in the environment that the process was started with; null: not set, or we may not read it.</summary>
    public static string? Variable(int pid, string name)
    {
        var prefix = name + "=";
        foreach (var entry in (TryRead(pid, "environ") ?? "").Split('\0'))
        {
            if (entry.StartsWith(prefix, StringComparison.Ordinal))
                return entry[prefix.Length..];
        }

        return null;
    }

    /// <summary>
    /// During an exec the old environment is gone and the new one is not there yet. Kernel threads, and processes that we may not read, always look like
    /// this.
    /// </summary>
    public static bool IsInExec(int pid) =>
        TryRead(pid, "environ") is "" && TryRead(pid, "stat") is { } text && text[(text.LastIndexOf(')') + 2)..].Split(' ') is { Length: > 47 } fields
        && fields[EnvironmentStart] == "0";

    /// <summary>The file name of its program, cut to 15 bytes, unless it has renamed itself.</summary>
    public static string? Name(int pid) => TryRead(pid, "comm")?.TrimEnd('\n');

    /// <summary>The first word after a name ("VmHWM:") in /proc/PID/status.</summary>
    public static string? StatusField(int pid, string name) =>
        TryRead(pid, "status")?.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..]
            .Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();

    public static string? TryRead(int pid, string file) => PseudoFile.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}"));

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);

    private static ulong Ticks(string field) => ulong.Parse(field, CultureInfo.InvariantCulture);
}
