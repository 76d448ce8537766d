using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Faults;

/// <summary>
/// Makes a dev server start a grandchild in its own session that ignores SIGTERM, then kills the server: the grandchild must not outlive it.
/// </summary>
internal sealed class ServerFork : IFault
{
    private static readonly TimeSpan ForkTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(15);

    public string Name => "server-fork";

    public string Summary => "Makes a dev server fork a grandchild that ignores SIGTERM, then SIGKILLs it: it restarts, and the grandchild is gone.";

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
                    : $"; its grandchild {grandchild.Pid} is STILL ALIVE after {ExitTimeout.TotalSeconds:0} s");
    }

    /// <summary>null: none appeared in time.</summary>
    private static async Task<Victim?> GrandchildAsync(Victim host, Victim server, IReadOnlySet<int> before)
    {
        Victim? found = null;
        try
        {
            await Wait.UntilAsync(() => (found = FindNew()) is not null, "a grandchild", ForkTimeout);
        }
        catch (TimeoutException)
        {
            // The caller reports it.
        }

        return found;

        Victim? FindNew() => ProcessesOfOtherSessions(host, server).Except(before).Select(pid => Victim.TryFind(pid)).FirstOrDefault(victim => victim is not null);
    }

    /// <summary>Descendants of the host, which inherits what its server leaves, outside the server's session.</summary>
    private static HashSet<int> ProcessesOfOtherSessions(Victim host, Victim server)
    {
        var session = ProcessFields.TryRead(server.Pid)?.Session;
        return [.. ProcessFields.Below(host.Pid).Where(process => process.Session != session).Select(process => process.Pid)];
    }
}
