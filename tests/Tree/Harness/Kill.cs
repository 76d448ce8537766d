using System.Diagnostics;

namespace Supervisor.Tree.Harness;

/// <summary>Sends a signal the way a user would: with kill(1).</summary>
internal static class Kill
{
    public static void Send(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        kill.WaitForExit();
    }
}
