namespace Supervisor.Processes;

/// <summary>
/// Returns memory to the system after a burst of work (a reload, many requests). By itself, the collector runs only after tens of megabytes, which an idle
/// process takes hours to allocate; and there are many processes.
/// </summary>
public static class MemoryTrim
{
    /// <summary>With less garbage a collection is not worth its milliseconds: an idle process must cost nothing.</summary>
    private const long MinGarbageBytes = 1L << 20;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>Runs until <paramref name="stopping"/> is cancelled. One per process.</summary>
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
            // The process is about to exit.
        }
    }

    private static long Trim(long trimmedAt)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - trimmedAt < MinGarbageBytes)
            return trimmedAt;

        GC.Collect(generation: 2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return allocated;
    }
}
