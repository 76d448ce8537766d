using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>The host of a service is killed: its server may not outlive it, and both come back.</summary>
internal sealed class HostKill : IFault
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    public string Name => "host-kill";

    public string Summary => "SIGKILLs the host of a service: its server goes with it, both come back, and no other server notices.";

    public FaultTarget Target => FaultTarget.Host;

    public string? Missing => null;

    public async Task InjectAsync(FaultContext context, CancellationToken stopping)
    {
        var injection = new FaultInjection(this, context);
        if (injection.FindServer() is not { } server || injection.FindHost() is not { } host)
            return;

        injection.Began(host);
        host.TrySignal("KILL");
        var hostTook = await host.WaitForExitAsync(ExitTimeout, stopping);
        var serverTook = await server.WaitForExitAsync(ExitTimeout, stopping);
        injection.Ended(
            hostTook is not null,
            hostTook is null ? $"the host lives on after {ExitTimeout.TotalSeconds:0} s"
                : serverTook is { } took ? $"died; its server {server.Pid} was gone {took.TotalMilliseconds:0} ms later"
                : $"died; its server {server.Pid} LIVES ON after {ExitTimeout.TotalSeconds:0} s");
    }
}
