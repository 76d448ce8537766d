using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>A dev server leaks until its memory limit kills it.</summary>
internal sealed class ServerLeak : IFault
{
    private const int RateInMegabytes = 64;
    private static readonly TimeSpan ToDie = TimeSpan.FromSeconds(60);

    public string Name => "server-leak";

    public string Summary => $"Has a dev server leak {RateInMegabytes} MB a second: killed at its memory limit, comes back, and no other server notices.";

    public FaultTarget Target => FaultTarget.Server;

    public string? Missing => null;

    public async Task StrikeAsync(FaultSite site, CancellationToken stopping)
    {
        var strike = new Strike(this, site);
        if (site.Service!.CapBytes is not { } cap)
        {
            strike.Skip($"service {site.Service.Name} has no memory limit");
            return;
        }

        if (strike.FindServer() is not { } server)
            return;

        strike.Began(server);
        var refusal = await ServerOrder.PostAsync(site.Service, $"fault/leak?mb={RateInMegabytes}", stopping);
        if (refusal is null)
            strike.Ended(await strike.ServerFateAsync(server, ToDie, stopping), $"; its limit is {cap >> 20} MiB");
        else
            strike.Ended(victimDied: !server.IsAlive, refusal);
    }
}
