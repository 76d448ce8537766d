namespace Supervisor.Processes;

/// <summary>Measures the CPU use of one process. Not thread-safe: the caller owns it.</summary>
public sealed class CpuMeter(int pid, TimeProvider time)
{
    /// <summary>The kernel counts in ticks of 10 ms, so a shorter span is too inaccurate.</summary>
    public static readonly TimeSpan MinimumSpan = TimeSpan.FromMilliseconds(500);

    private long _since = time.GetTimestamp();
    private TimeSpan? _cpuTime = ProcessStatistics.CpuTime(pid);
    private double _percent;

    /// <summary>Percent of one core, over the last <see cref="MinimumSpan"/> or longer; 0 at first.</summary>
    public double Percent()
    {
        var (now, cpuTime) = (time.GetTimestamp(), ProcessStatistics.CpuTime(pid));
        var span = time.GetElapsedTime(_since, now);

        if (span < MinimumSpan)
            return _percent;

        _percent = cpuTime - _cpuTime is { } used ? Math.Round(100 * used / span, 1) : 0;
        (_since, _cpuTime) = (now, cpuTime);
        return _percent;
    }
}
