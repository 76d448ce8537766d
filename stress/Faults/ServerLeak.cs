using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>Makes a dev server leak until its memory limit kills it.</summary>
internal sealed class ServerLeak : IFault
{
    private const int RateInMegabytes = 64;
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(60);

    public string Name => "server-leak";

    public string Summary => $"Makes a dev server leak {RateInMegabytes} MB a second: killed at its memory limit, restarts, and no other server is affected.";

    public FaultTarget Target => FaultTarget.Server;

    public string? Missing => null;

    public async Task InjectAsync(FaultContext context, CancellationToken stopping)
    {
        var injection = new FaultInjection(this, context);
        if (context.Service!.CapBytes is not { } cap)
        {
            injection.Skip($"service {context.Service.Name} has no memory limit");
            return;
        }

        if (injection.FindServer() is not { } server)
            return;

        injection.Began(server);
        var refusal = await ServerFaultRequest.PostAsync(context.Service, $"fault/leak?mb={RateInMegabytes}", stopping);
        if (refusal is null)
            injection.Ended(await injection.WaitForServerExitAsync(server, ExitTimeout, stopping), $"; its limit is {cap >> 20} MiB");
        else
            injection.Ended(victimDied: !server.IsAlive, refusal);
    }
}
