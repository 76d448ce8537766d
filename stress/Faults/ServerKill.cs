using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>A dev server is killed from outside.</summary>
internal sealed class ServerKill : IFault
{
    private static readonly TimeSpan ToDie = TimeSpan.FromSeconds(10);

    public string Name => "server-kill";

    public string Summary => "SIGKILLs a dev server: it comes back after its backoff, and no other server notices.";

    public FaultTarget Target => FaultTarget.Server;

    public string? Missing => null;

    public async Task StrikeAsync(FaultSite site, CancellationToken stopping)
    {
        var strike = new Strike(this, site);
        if (strike.FindServer() is not { } server)
            return;

        strike.Began(server);
        server.TrySignal("KILL");
        strike.Ended(await strike.ServerFateAsync(server, ToDie, stopping));
    }
}
