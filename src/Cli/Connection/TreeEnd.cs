using System.Diagnostics;

namespace Supervisor.Cli.Connection;

/// <summary>Waits until a parent's process is really gone, not only its link: then its lock is free and a new tree can start.</summary>
internal static class TreeEnd
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>To be taken while the parent lives, so that the pid is surely its own. null when it is gone already.</summary>
    public static Process? Watch(int parentPid)
    {
        try
        {
            return Process.GetProcessById(parentPid);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public static async Task WaitAsync(Process? parent, TimeProvider time, CancellationToken cancellationToken)
    {
        if (parent is null)
            return;

        try
        {
            await parent.WaitForExitAsync(cancellationToken).WaitAsync(Deadline, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It has closed its pipe and stopped every service; what is left of it frees itself or is found by the next start.
        }
    }
}
