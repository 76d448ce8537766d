namespace Supervisor.Stress.Observing;

/// <summary>Doing something again and again until it is enough.</summary>
internal static class Periodic
{
    /// <summary>Does it at once and then once a period; one that takes longer than the period delays the next, and none is made up for. Returns when
    /// stopping.</summary>
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
            // Enough: the caller's way to end it.
        }
    }
}
