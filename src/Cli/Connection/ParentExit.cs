using System.Diagnostics;

namespace Supervisor.Cli.Connection;

/// <summary>Waits until the process of a parent has ended, not only its link: then its lock is free and a new tree can start.</summary>
internal static class ParentExit
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    // It has answered and closed its pipe, and ends within milliseconds.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>To be called while the parent runs, so that the pid belongs to it. null: it has already ended.</summary>
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

        // After the deadline the command returns: the parent has closed its pipe and stopped every service, and the next start cleans up the rest.
        while (parent is not null && !HasEnded(parent) && time.GetElapsedTime(since) < Deadline)
            await Task.Delay(Pause, time, cancellationToken);
    }

    // The process above a detached parent is init, which may take seconds to reap in a container. A zombie holds no lock.
    private static bool HasEnded(Process parent) => parent.HasExited || IsZombie($"/proc/{parent.Id}/stat");

    private static bool IsZombie(string stat)
    {
        try
        {
            // PID (NAME) STATE …, and a name may contain any character.
            return File.ReadAllText(stat).Split(')')[^1].TrimStart() is ['Z' or 'X', ..];
        }
        catch (IOException)
        {
            // It has just ended, or the system has no /proc: the next check, or HasExited, decides.
            return false;
        }
    }
}
