using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>Makes a dev server die by a signal or exit by itself.</summary>
/// <param name="faultPath">The path to POST to the server so that it exits; null: it gets SIGKILL.</param>
internal sealed class ServerDeath(string name, string summary, string? faultPath) : IFault
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
        if (faultPath is null)
            server.TrySignal("KILL");
        else
            refusal = await ServerFaultRequest.PostAsync(context.Service!, faultPath, stopping);

        injection.Ended(await injection.WaitForServerExitAsync(server, ExitTimeout, stopping), refusal is null ? "" : $" ({refusal})");
    }
}
