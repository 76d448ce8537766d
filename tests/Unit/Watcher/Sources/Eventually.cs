namespace Supervisor.Unit.Watcher.Sources;

/// <summary>Waits for what no event tells a test of.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task BeAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);

        while (!condition())
            await Task.Delay(Pause, patience.Token);
    }
}
