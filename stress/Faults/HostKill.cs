using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>The host of a service is killed: its server may not outlive it, and both come back.</summary>
internal sealed class HostKill : IFault
{
    private static readonly TimeSpan ToDie = TimeSpan.FromSeconds(10);

    public string Name => "host-kill";

    public string Summary => "SIGKILLs the host of a service: its server goes with it, both come back, and no other server notices.";

    public FaultTarget Target => FaultTarget.Host;

    public string? Missing => null;

    public async Task StrikeAsync(FaultSite site, CancellationToken stopping)
    {
        var strike = new Strike(this, site);
        if (strike.FindServer() is not { } server || strike.FindHost() is not { } host)
            return;

        strike.Began(host);
        host.TrySignal("KILL");
        var hostTook = await host.GoneAsync(ToDie, stopping);
        var serverTook = await server.GoneAsync(ToDie, stopping);
        strike.Ended(
            hostTook is not null,
            hostTook is null ? $"the host lives on after {ToDie.TotalSeconds:0} s"
                : serverTook is { } took ? $"died; its server {server.Pid} was gone {took.TotalMilliseconds:0} ms later"
                : $"died; its server {server.Pid} LIVES ON after {ToDie.TotalSeconds:0} s");
    }
}
