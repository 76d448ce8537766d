using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>Stops the watcher for good: from outside this looks like a deadlock. The tree must replace it.</summary>
internal sealed class WatcherHang : IFault
{
    private static readonly TimeSpan ReplacementTimeout = TimeSpan.FromSeconds(30);

    public string Name => "watcher-hang";

    public string Summary => "Stops the watcher (SIGSTOP) until the tree replaces it after 10 s of silence: no saved change is lost.";

    public FaultTarget Target => FaultTarget.Watcher;

    public string? Missing => null;

    public async Task InjectAsync(FaultContext context, CancellationToken stopping)
    {
        var injection = new FaultInjection(this, context);
        if (await injection.FindWatcherAsync(stopping) is not { } watcher)
            return;

        injection.Began(watcher);
        try
        {
            watcher.TrySignal("STOP");
            injection.Ended(await injection.WaitForWatcherExitAsync(watcher, ReplacementTimeout, stopping));
        }
        finally
        {
            watcher.TrySignal("CONT");
        }
    }
}
