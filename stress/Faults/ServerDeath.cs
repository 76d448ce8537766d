using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>A dev server dies, by a signal or by itself.</summary>
/// <param name="order">What the server is asked over HTTP, so that it ends by itself; null: it is sent SIGKILL.</param>
internal sealed class ServerDeath(string name, string summary, string? order) : IFault
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    public string Name => name;

    public string Summary => summary;

    public FaultTarget Target => FaultTarget.Server;

    public string? Missing => null;

    public async Task InjectAsync(FaultContext context, CancellationToken stopping)
    {
        var injection = new FaultInjection(this, context);
        if (injection.FindServer() is not { } server)
            return;

        injection.Began(server);
        string? refusal = null;
        if (order is null)
            server.TrySignal("KILL");
        else
            refusal = await ServerFaultRequest.PostAsync(context.Service!, order, stopping);

        injection.Ended(await injection.WaitForServerExitAsync(server, ExitTimeout, stopping), refusal is null ? "" : $" ({refusal})");
    }
}
