using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>A process that stands still for a while and goes on. Nobody may act upon it: it is shorter than any limit.</summary>
internal sealed class Pause(string name, string summary, FaultTarget target, TimeSpan length) : IFault
{
    public string Name => name;

    public string Summary => summary;

    public FaultTarget Target => target;

    public string? Missing => null;

    public async Task StrikeAsync(FaultSite site, CancellationToken stopping)
    {
        var strike = new Strike(this, site);
        var found = target == FaultTarget.Watcher ? await strike.FindWatcherAsync(stopping) : strike.FindServer();
        if (found is not { } victim)
            return;

        strike.Began(victim);
        try
        {
            victim.TrySignal("STOP");
            await victim.GoneAsync(length, stopping);
        }
        finally
        {
            victim.TrySignal("CONT");
        }

        var died = !victim.IsAlive;
        strike.Ended(died, died ? "did not live through its pause" : $"went on after {length.TotalSeconds:0} s");
    }
}
