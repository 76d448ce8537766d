using System.Text;

namespace Supervisor.Tree.Harness;

/// <summary>Sends a signal as a user would: with kill(1).</summary>
internal static class Kill
{
    public static void Send(int pid, string signal) =>
        ForeignProgram.Run(CliWrap.Cli.Wrap("kill").WithArguments([$"-{signal}", $"{pid}"]), Encoding.UTF8, Wait.DefaultTimeout);

    /// <summary>
    /// Sends it until the process is dead. A managed process first treats an external SIGSEGV or SIGABRT as a fault of its own code, finds none and continues
    /// with the default disposition; a second signal that arrives before that merges with the first.
    /// </summary>
    public static Task UntilDeadAsync(int pid, string signal) => Wait.UntilAsync(
        () =>
        {
            Send(pid, signal);
            return !TaggedProcesses.IsAlive(pid);
        },
        $"{pid} dies of SIG{signal}");
}
