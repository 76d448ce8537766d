namespace Supervisor.Host.Running;

/// <summary>
/// Gives memory back that a burst of work has left behind: a host allocates so little between two reloads that the collector would not come
/// for minutes, and there are many hosts. Costs a few milliseconds each time.
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
            // The host is leaving, and its memory with it.
        }
    }
}
