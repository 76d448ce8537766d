namespace Supervisor.Stress.Observing;

/// <summary>Runs an action periodically.</summary>
internal static class Periodic
{
    /// <summary>
    /// Runs the action at once and then once a period; an action that takes longer delays the next, and none is caught up. Returns when stopping.
    /// </summary>
    public static async Task RunAsync(TimeSpan period, Func<Task> act, CancellationToken stopping)
    {
        using var ticks = new PeriodicTimer(period);
        try
        {
            do
                await act();
            while (await ticks.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The caller stops it.
        }
    }
}
