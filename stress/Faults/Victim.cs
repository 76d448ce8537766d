using System.Diagnostics;
using System.Globalization;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Faults;

/// <summary>The process that a fault targets. A later process with the same pid is a different one: its start time differs.</summary>
internal sealed record Victim(int Pid, string StartTicks)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    public bool IsAlive => TryFind(Pid) == this;

    /// <summary>null: no such process, or only its zombie.</summary>
    public static Victim? TryFind(int? pid) =>
        pid is { } there && ProcessFields.TryRead(there) is { State: not "Z" } fields ? new Victim(there, fields.StartTicks) : null;

    /// <summary>false: it had already ended.</summary>
    public bool TrySignal(string signal)
    {
        if (!IsAlive)
            return false;

        Kill.Send(Pid, signal);
        return true;
    }

    /// <summary>The time it took to exit; null: it is still alive.</summary>
    public async Task<TimeSpan?> WaitForExitAsync(TimeSpan within, CancellationToken stopping)
    {
        var began = Stopwatch.GetTimestamp();
        using var ticks = new PeriodicTimer(PollInterval);
        while (IsAlive)
        {
            if (Stopwatch.GetElapsedTime(began) > within)
                return null;
            await ticks.WaitForNextTickAsync(stopping);
        }

        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>CPU time since it began; null: it has ended.</summary>
    public TimeSpan? CpuTime() => IsAlive ? ProcessFields.TryRead(Pid)?.CpuTime : null;

    /// <summary>Its peak resident memory as the kernel counts it (VmHWM); null: it has ended.</summary>
    public long? PeakBytes()
    {
        try
        {
            var line = File.ReadLines($"/proc/{Pid}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
                ? 1024 * long.Parse(kilobytes, CultureInfo.InvariantCulture)
                : null;
        }
        catch (IOException)
        {
            return null; // It ended between two reads.
        }
    }
}
