namespace Supervisor.Processes;

/// <summary>How busy one process is. Not thread-safe: who asks owns it.</summary>
public sealed class CpuMeter(int pid, TimeProvider time)
{
    /// <summary>The kernel counts in ticks of 10 ms: over a shorter time they would say nothing.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    private long _since = time.GetTimestamp();
    private TimeSpan? _spent = ProcessStatistics.CpuTime(pid);
    private double _percent;

    /// <summary>Percent of one core, over the last <see cref="Shortest"/> or longer; 0 at the beginning.</summary>
    public double Percent()
    {
        var (now, spent) = (time.GetTimestamp(), ProcessStatistics.CpuTime(pid));
        var span = time.GetElapsedTime(_since, now);

        if (span < Shortest)
            return _percent;

        _percent = spent - _spent is { } used ? Math.Round(100 * used / span, 1) : 0;
        (_since, _spent) = (now, spent);
        return _percent;
    }
}
