using System.Diagnostics;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>The parent is killed and started again a second later, as a developer would: it adopts the hosts, and no server has noticed.</summary>
internal sealed class ParentKill : IFault
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TimeWithoutParent = TimeSpan.FromSeconds(1);

    public string Name => "parent-kill";

    public string Summary => "SIGKILLs the parent and starts it again 1 s later: it adopts the hosts, and no server notices.";

    public FaultTarget Target => FaultTarget.Parent;

    public string? Missing => null;

    public async Task InjectAsync(FaultContext context, CancellationToken stopping)
    {
        var injection = new FaultInjection(this, context);
        if (Victim.TryFind(context.Tree.Board?.Tree.ParentPid) is not { } parent)
        {
            injection.Skip("no parent is there");
            return;
        }

        injection.Began(parent);
        parent.TrySignal("KILL");
        injection.Ended(await parent.WaitForExitAsync(ExitTimeout, stopping) is not null, await AdoptAsync(context, parent));
    }

    /// <summary>Not to be called off: a run that is asked to end needs a parent that can be asked to stop.</summary>
    private static async Task<string> AdoptAsync(FaultContext context, Victim parent)
    {
        await Task.Delay(TimeWithoutParent, CancellationToken.None);
        var began = Stopwatch.GetTimestamp();
        var started = await context.Tree.StartAgainAsync();
        if (started.ExitCode != 0)
            return $"died; start -d failed: {started}";

        var board = await context.Tree.WaitForAsync(board => board.Tree.ParentPid != parent.Pid, "the next parent's board", ExitTimeout, CancellationToken.None);
        return $"died; process {board.Tree.ParentPid} had adopted the hosts after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms";
    }
}
