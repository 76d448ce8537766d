using System.Diagnostics;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>Kills the parent and starts it again a second later, as a developer would: it must adopt the hosts without affecting a server.</summary>
internal sealed class ParentKill : IFault
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TimeWithoutParent = TimeSpan.FromSeconds(1);

    public string Name => "parent-kill";

    public string Summary => "SIGKILLs the parent and starts it again 1 s later: it adopts the hosts, and no server is affected.";

    public FaultTarget Target => FaultTarget.Parent;

    public string? Missing => null;

    public async Task InjectAsync(FaultContext context, CancellationToken stopping)
    {
        var injection = new FaultInjection(this, context);
        if (Victim.TryFind(context.Tree.Board?.Tree.ParentPid) is not { } parent)
        {
            injection.Skip("no parent is running");
            return;
        }

        injection.Began(parent);
        parent.TrySignal("KILL");
        injection.Ended(await parent.WaitForExitAsync(ExitTimeout, stopping) is not null, await AdoptAsync(context, parent));
    }

    /// <summary>Not cancellable: an interrupted run needs a parent that it can stop.</summary>
    private static async Task<string> AdoptAsync(FaultContext context, Victim parent)
    {
        await Task.Delay(TimeWithoutParent, CancellationToken.None);
        var began = Stopwatch.GetTimestamp();
        var started = await context.Tree.StartAgainAsync();
        if (started.ExitCode != 0)
            return $"died; start -d failed: {started}";

        var board = await context.Tree.WaitForAsync(board => board.Tree.ParentPid != parent.Pid, "the next parent's board", ExitTimeout, CancellationToken.None);
        return $"died; process {board.Tree.ParentPid} adopted the hosts after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms";
    }
}
