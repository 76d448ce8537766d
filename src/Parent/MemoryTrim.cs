namespace Supervisor.Parent;

/// <summary>
/// Gives memory back that commands and restarts have left behind: left alone, the collector comes only after some 80 MB of them. Costs a few
/// milliseconds each time.
/// </summary>
internal static class MemoryTrim
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);

        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                GC.Collect(generation: 2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The parent is leaving, and its memory with it.
        }
    }
}
