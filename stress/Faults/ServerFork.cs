using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Faults;

/// <summary>A dev server leaves a grandchild in a session of its own that ignores SIGTERM, and is killed: the grandchild may not outlive it.</summary>
internal sealed class ServerFork : IFault
{
    private static readonly TimeSpan ForkTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(15);

    public string Name => "server-fork";

    public string Summary => "Has a dev server leave a stubborn grandchild, and SIGKILLs it: it comes back, and the grandchild is gone.";

    public FaultTarget Target => FaultTarget.Server;

    public string? Missing => null;

    public async Task InjectAsync(FaultContext context, CancellationToken stopping)
    {
        var injection = new FaultInjection(this, context);
        if (injection.FindHost() is not { } host || injection.FindServer() is not { } server)
            return;

        injection.Began(server);
        var before = ProcessesOfOtherSessions(host, server);
        var refusal = await ServerFaultRequest.PostAsync(context.Service!, "fault/fork", stopping);
        var grandchild = refusal is null ? await GrandchildAsync(host, server, before) : null;
        server.TrySignal("KILL");
        injection.Ended(
            await injection.WaitForServerExitAsync(server, ExitTimeout, stopping),
            grandchild is null
                ? $"; there was no grandchild{(refusal is null ? "" : $": {refusal}")}"
                : await grandchild.WaitForExitAsync(ExitTimeout, stopping) is { } took
                    ? $"; its grandchild {grandchild.Pid} was gone {took.TotalMilliseconds:0} ms later"
                    : $"; its grandchild {grandchild.Pid} LIVES ON after {ExitTimeout.TotalSeconds:0} s");
    }

    /// <summary>null: none came within a while.</summary>
    private static async Task<Victim?> GrandchildAsync(Victim host, Victim server, IReadOnlySet<int> before)
    {
        Victim? found = null;
        try
        {
            await Wait.UntilAsync(() => (found = FindNew()) is not null, "a grandchild", ForkTimeout);
        }
        catch (TimeoutException)
        {
            // InMemoryRecord with the rest.
        }

        return found;

        Victim? FindNew() => ProcessesOfOtherSessions(host, server).Except(before).Select(pid => Victim.TryFind(pid)).FirstOrDefault(victim => victim is not null);
    }

    /// <summary>Below the host, which inherits what its server leaves, but not in the server's session.</summary>
    private static HashSet<int> ProcessesOfOtherSessions(Victim host, Victim server)
    {
        var session = ProcessFields.TryRead(server.Pid)?.Session;
        return [.. ProcessFields.Below(host.Pid).Where(process => process.Session != session).Select(process => process.Pid)];
    }
}
