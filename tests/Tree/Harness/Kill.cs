using System.Diagnostics;

namespace Supervisor.Tree.Harness;

/// <summary>Sends a signal the way a user would: with kill(1).</summary>
/// <remarks>
/// A managed process takes a first SIGSEGV or SIGABRT from outside for a fault of its own code, finds none and runs on with the default
/// disposition: the second one kills it.
/// </remarks>
internal static class Kill
{
    public static void Send(int pid, string signal)
    {
        for (var times = signal is "SEGV" or "ABRT" ? 2 : 1; times > 0; times--)
        {
            using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", $"{pid}"]) { RedirectStandardError = true, UseShellExecute = false })!;
            kill.WaitForExit();
        }
    }
}
