namespace Supervisor.Processes;

/// <summary>
/// Returns memory to the system after a burst of work (a reload, many requests). By itself, the collector runs only after tens of megabytes, which an idle
/// process takes hours to allocate; and there are many processes.
/// </summary>
public static class MemoryTrim
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>Runs until <paramref name="stopping"/> is cancelled. One per process.</summary>
    /// <param name="minGarbageBytes">With less allocated since the last time, a collection is not worth its milliseconds: an idle process must cost nothing.</param>
    public static async Task RunAsync(long minGarbageBytes, TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);
        long trimmedAt = 0;

        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                trimmedAt = Trim(minGarbageBytes, trimmedAt);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The process is about to exit.
        }
    }

    private static long Trim(long minGarbageBytes, long trimmedAt)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - trimmedAt < minGarbageBytes)
            return trimmedAt;

        GC.Collect(generation: 2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return allocated;
    }
}
