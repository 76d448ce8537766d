using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>A dev server crashes by itself.</summary>
internal sealed class ServerExit : IFault
{
    private static readonly TimeSpan ToDie = TimeSpan.FromSeconds(10);

    public string Name => "server-exit";

    public string Summary => "Has a dev server exit with 3: it comes back after its backoff, and no other server notices.";

    public FaultTarget Target => FaultTarget.Server;

    public string? Missing => null;

    public async Task StrikeAsync(FaultSite site, CancellationToken stopping)
    {
        var strike = new Strike(this, site);
        if (strike.FindServer() is not { } server)
            return;

        strike.Began(server);
        var refusal = await ServerOrder.PostAsync(site.Service!, "fault/exit?code=3", stopping);
        strike.Ended(await strike.ServerFateAsync(server, ToDie, stopping), refusal is null ? "" : $" ({refusal})");
    }
}
