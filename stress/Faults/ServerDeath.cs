using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>A dev server dies, by a signal or by itself.</summary>
/// <param name="order">What the server is asked over HTTP, so that it ends by itself; null: it is sent SIGKILL.</param>
internal sealed class ServerDeath(string name, string summary, string? order) : IFault
{
    private static readonly TimeSpan ToDie = TimeSpan.FromSeconds(10);

    public string Name => name;

    public string Summary => summary;

    public FaultTarget Target => FaultTarget.Server;

    public string? Missing => null;

    public async Task StrikeAsync(FaultSite site, CancellationToken stopping)
    {
        var strike = new Strike(this, site);
        if (strike.FindServer() is not { } server)
            return;

        strike.Began(server);
        string? refusal = null;
        if (order is null)
            server.TrySignal("KILL");
        else
            refusal = await ServerOrder.PostAsync(site.Service!, order, stopping);

        strike.Ended(await strike.ServerFateAsync(server, ToDie, stopping), refusal is null ? "" : $" ({refusal})");
    }
}
