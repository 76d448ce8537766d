using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>Makes a thread of the watcher use all the CPU time it can get, beside the normal work.</summary>
internal sealed class WatcherSpin : IFault
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    public string Name => "watcher-spin";

    public string Summary => $"Burns CPU time in the watcher for {Length.TotalSeconds:0} s: it gets half a core and continues to watch.";

    public FaultTarget Target => FaultTarget.Watcher;

    public string? Missing => FaultHook.Missing;

    public async Task InjectAsync(FaultContext context, CancellationToken stopping)
    {
        var injection = new FaultInjection(this, context);
        if (await injection.FindWatcherAsync(stopping) is not { } watcher)
            return;

        injection.Began(watcher);
        var before = watcher.CpuTime();
        try
        {
            var taken = context.Hook.TrySend(watcher.Pid, $"spin {Length.TotalSeconds:0}");
            if (!taken || await watcher.WaitForExitAsync(Length, stopping) is not null)
            {
                injection.Ended(await injection.WaitForWatcherExitAsync(watcher, TimeSpan.Zero, stopping));
                return;
            }

            var burnt = watcher.CpuTime() - before;
            injection.Ended(victimDied: false, $"burnt {burnt?.TotalSeconds:0.0} s of CPU time in {Length.TotalSeconds:0} s");
        }
        finally
        {
            context.Hook.TrySend(watcher.Pid, "stop");
        }
    }
}
