using System.Diagnostics;

namespace Supervisor.Tree.Harness;

/// <summary>Waits for conditions of the outside world (a file, a port, /proc) that send no event. Always with a generous deadline.</summary>
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
                throw new TimeoutException($"Timed out after {limit} waiting for: {what}");

            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
