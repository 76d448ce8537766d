using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>Native memory of the watcher leaks, which no garbage collector sees, until the tree replaces it: in order at 80 % of its cap, or killed at it.</summary>
internal sealed class WatcherLeak : IFault
{
    private const int RateInMebibytes = 20;
    private const int MostInMebibytes = 400;
    private static readonly TimeSpan ToBeReplaced = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    public string Name => "watcher-leak";

    public string Summary => $"Leaks {RateInMebibytes} MiB a second in the watcher: replaced before or at its memory cap, never over it.";

    public FaultTarget Target => FaultTarget.Watcher;

    public string? Missing => FaultHook.Missing;

    public async Task StrikeAsync(FaultSite site, CancellationToken stopping)
    {
        var strike = new Strike(this, site);
        if (await strike.FindWatcherAsync(stopping) is not { } watcher)
            return;

        strike.Began(watcher);
        try
        {
            site.Hook.TrySend(watcher.Pid, $"leak {RateInMebibytes} {MostInMebibytes}");
            var peak = await PeakAsync(watcher, stopping);
            strike.Ended(await strike.WatcherFateAsync(watcher, TimeSpan.Zero, stopping), $"; it held {peak >> 20} MiB at most");
        }
        finally
        {
            site.Hook.TrySend(watcher.Pid, "stop");
        }
    }

    /// <summary>Until it is gone or the time is over.</summary>
    private static async Task<long> PeakAsync(Victim watcher, CancellationToken stopping)
    {
        long peak = 0;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        over.CancelAfter(ToBeReplaced);
        using var looks = new PeriodicTimer(BetweenLooks);
        while (watcher.IsAlive && !over.IsCancellationRequested)
        {
            peak = Math.Max(peak, watcher.PeakBytes() ?? 0);
            await looks.WaitForNextTickAsync(stopping);
        }

        return peak;
    }
}
