using System.Diagnostics;
using System.Globalization;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Faults;

/// <summary>One process that is struck. A later one that the kernel gives the same number is somebody else: it began at another time.</summary>
internal sealed record Victim(int Pid, string StartTicks)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    public bool IsAlive => TryFind(Pid) == this;

    /// <summary>null: no such process, or only its zombie.</summary>
    public static Victim? TryFind(int? pid) =>
        pid is { } there && ProcessFields.TryRead(there) is { State: not "Z" } fields ? new Victim(there, fields.StartTicks) : null;

    /// <summary>false: it had gone before.</summary>
    public bool TrySignal(string signal)
    {
        if (!IsAlive)
            return false;

        Kill.Send(Pid, signal);
        return true;
    }

    /// <summary>How long it took; null: it still lives.</summary>
    public async Task<TimeSpan?> WaitForExitAsync(TimeSpan within, CancellationToken stopping)
    {
        var began = Stopwatch.GetTimestamp();
        using var looks = new PeriodicTimer(PollInterval);
        while (IsAlive)
        {
            if (Stopwatch.GetElapsedTime(began) > within)
                return null;
            await looks.WaitForNextTickAsync(stopping);
        }

        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Since it began; null: it is gone.</summary>
    public TimeSpan? CpuTime() => IsAlive ? ProcessFields.TryRead(Pid)?.CpuTime : null;

    /// <summary>The most resident memory that it ever had, as the kernel counts; null: it is gone.</summary>
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
            return null; // It went between two looks.
        }
    }
}
