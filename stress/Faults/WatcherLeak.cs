using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>Native memory of the watcher leaks, which no garbage collector sees, until the tree replaces it: in order at 80 % of its cap, or killed at it.</summary>
internal sealed class WatcherLeak : IFault
{
    private const int RateInMebibytes = 20;
    private const int MostInMebibytes = 400;
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
            context.Hook.TrySend(watcher.Pid, $"leak {RateInMebibytes} {MostInMebibytes}");
            var peak = await PeakAsync(watcher, stopping);
            injection.Ended(await injection.WaitForWatcherExitAsync(watcher, TimeSpan.Zero, stopping), $"; it held {peak >> 20} MiB at most");
        }
        finally
        {
            context.Hook.TrySend(watcher.Pid, "stop");
        }
    }

    /// <summary>Until it is gone or the time is over.</summary>
    private static async Task<long> PeakAsync(Victim watcher, CancellationToken stopping)
    {
        long peak = 0;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        over.CancelAfter(ReplacementTimeout);
        using var looks = new PeriodicTimer(PollInterval);
        while (watcher.IsAlive && !over.IsCancellationRequested)
        {
            peak = Math.Max(peak, watcher.PeakBytes() ?? 0);
            await looks.WaitForNextTickAsync(stopping);
        }

        return peak;
    }
}
