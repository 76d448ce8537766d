using System.Diagnostics;

namespace Supervisor.Cli.Connection;

/// <summary>Waits until a parent's process has really ended, not only its link: then its lock is free and a new tree can start.</summary>
internal static class TreeEnd
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    // It has answered and closed its pipe: what is left of it ends within milliseconds.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

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
        var since = time.GetTimestamp();

        // Past the deadline: it has closed its pipe and stopped every service; what is left of it is found by the next start.
        while (parent is not null && !HasEnded(parent) && time.GetElapsedTime(since) < Deadline)
            await Task.Delay(Pause, time, cancellationToken);
    }

    // The parent of a detached parent is init, and in a container that may take seconds to bury its dead. They hold nothing any more.
    private static bool HasEnded(Process parent) => parent.HasExited || IsZombie($"/proc/{parent.Id}/stat");

    private static bool IsZombie(string stat)
    {
        try
        {
            // PID (NAME) STATE …, and a name may hold anything.
            return File.ReadAllText(stat).Split(')')[^1].TrimStart() is ['Z' or 'X', ..];
        }
        catch (IOException)
        {
            // Gone this very moment, or a system without /proc: the next look, or HasExited, tells.
            return false;
        }
    }
}
