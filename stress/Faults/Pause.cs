using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>Stops a process for a while and lets it go on. It is shorter than every limit, so nothing may act upon it.</summary>
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
        injection.Ended(died, died ? "died during its pause" : $"continued after {length.TotalSeconds:0} s");
    }
}
