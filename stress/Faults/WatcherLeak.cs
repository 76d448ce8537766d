using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>
/// Leaks native memory in the watcher, which no garbage collector sees, until the tree replaces it: in order at 80 % of its cap, or killed at the cap.
/// </summary>
internal sealed class WatcherLeak : IFault
{
    private const int RateInMebibytes = 20;
    private const int MaximumInMebibytes = 400;
    private static readonly TimeSpan ReplacementTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    public string Name => "watcher-leak";

    public string Summary => $"Leaks {RateInMebibytes} MiB a second in the watcher: replaced before or at its memory cap, never over it.";

    public FaultTarget Target => FaultTarget.Watcher;

    public string? Missing => FaultHook.Missing;

    public async Task InjectAsync(FaultContext context, CancellationToken stopping)
    {
        var injection = new FaultInjection(this, context);
        if (await injection.FindWatcherAsync(stopping) is not { } watcher)
            return;

        injection.Began(watcher);
        try
        {
            context.Hook.TrySend(watcher.Pid, $"leak {RateInMebibytes} {MaximumInMebibytes}");
            var peak = await PeakAsync(watcher, stopping);
            injection.Ended(await injection.WaitForWatcherExitAsync(watcher, TimeSpan.Zero, stopping), $"; it held {peak >> 20} MiB at most");
        }
        finally
        {
            context.Hook.TrySend(watcher.Pid, "stop");
        }
    }

    /// <summary>Returns when the watcher has ended or the time is over.</summary>
    private static async Task<long> PeakAsync(Victim watcher, CancellationToken stopping)
    {
        long peak = 0;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        timeout.CancelAfter(ReplacementTimeout);
        using var ticks = new PeriodicTimer(PollInterval);
        while (watcher.IsAlive && !timeout.IsCancellationRequested)
        {
            peak = Math.Max(peak, watcher.PeakBytes() ?? 0);
            await ticks.WaitForNextTickAsync(stopping);
        }

        return peak;
    }
}
