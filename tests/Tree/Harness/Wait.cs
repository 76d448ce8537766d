using System.Diagnostics;

namespace Supervisor.Tree.Harness;

/// <summary>Waiting for what the outside world shows (a file, a port, /proc) where nobody sends an event. Always with a generous deadline.</summary>
internal static class Wait
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(Func<bool> holds, string what, TimeSpan? deadline = null) =>
        await UntilAsync(() => Task.FromResult(holds()), what, deadline);

    public static async Task UntilAsync(Func<Task<bool>> holds, string what, TimeSpan? deadline = null)
    {
        var limit = deadline ?? DefaultTimeout;
        var began = Stopwatch.GetTimestamp();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(began) > limit)
                throw new TimeoutException($"Waited {limit} in vain: {what}");

            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
