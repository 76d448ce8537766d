using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>Kills the host of a service: its server must not outlive it, and both must restart.</summary>
internal sealed class HostKill : IFault
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    public string Name => "host-kill";

    public string Summary => "SIGKILLs the host of a service: its server ends with it, both restart, and no other server is affected.";

    public FaultTarget Target => FaultTarget.Host;

    public string? Missing => null;

    public async Task InjectAsync(FaultContext context, CancellationToken stopping)
    {
        var injection = new FaultInjection(this, context);
        if (injection.FindServer() is not { } server || injection.FindHost() is not { } host)
            return;

        injection.Began(host);
        host.TrySignal("KILL");
        var hostExit = await host.WaitForExitAsync(ExitTimeout, stopping);
        var serverExit = await server.WaitForExitAsync(ExitTimeout, stopping);
        injection.Ended(
            hostExit is not null,
            hostExit is null ? $"the host is still alive after {ExitTimeout.TotalSeconds:0} s"
                : serverExit is { } took ? $"died; its server {server.Pid} was gone {took.TotalMilliseconds:0} ms later"
                : $"died; its server {server.Pid} is STILL ALIVE after {ExitTimeout.TotalSeconds:0} s");
    }
}
