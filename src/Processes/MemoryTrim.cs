namespace Supervisor.Processes;

/// <summary>
/// Gives back the memory that a burst of work (a reload, a row of commands) has left behind in a process of ours. Left alone the collector
/// comes only after tens of megabytes, which an idle process takes hours to allocate; and there are many processes.
/// </summary>
public static class MemoryTrim
{
    /// <summary>Less garbage than this is not worth the milliseconds that a collection takes: an idle process must cost nothing.</summary>
    private const long WorthIt = 1L << 20;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>Lives until <paramref name="stopping"/> is cancelled. One per process.</summary>
    public static async Task RunAsync(TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);
        long trimmedAt = 0;

        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                trimmedAt = Trim(trimmedAt);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The process is leaving, and its memory with it.
        }
    }

    private static long Trim(long trimmedAt)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - trimmedAt < WorthIt)
            return trimmedAt;

        GC.Collect(generation: 2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return allocated;
    }
}
