using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>A process that stands still for a while and goes on. Nobody may act upon it: it is shorter than any limit.</summary>
internal sealed class Pause(string name, string summary, FaultTarget target, TimeSpan length) : IFault
{
    public string Name => name;

    public string Summary => summary;

    public FaultTarget Target => target;

    public string? Missing => null;

    public async Task InjectAsync(FaultContext context, CancellationToken stopping)
    {
        var injection = new FaultInjection(this, context);
        var found = target == FaultTarget.Watcher ? await injection.FindWatcherAsync(stopping) : injection.FindServer();
        if (found is not { } victim)
            return;

        injection.Began(victim);
        try
        {
            victim.TrySignal("STOP");
            await victim.WaitForExitAsync(length, stopping);
        }
        finally
        {
            victim.TrySignal("CONT");
        }

        var died = !victim.IsAlive;
        injection.Ended(died, died ? "did not live through its pause" : $"went on after {length.TotalSeconds:0} s");
    }
}
