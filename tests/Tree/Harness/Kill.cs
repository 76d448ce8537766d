using System.Text;

namespace Supervisor.Tree.Harness;

/// <summary>Sends a signal the way a user would: with kill(1).</summary>
internal static class Kill
{
    public static void Send(int pid, string signal) =>
        ForeignProgram.Run(CliWrap.Cli.Wrap("kill").WithArguments([$"-{signal}", $"{pid}"]), Encoding.UTF8, Wait.DefaultTimeout);

    /// <summary>
    /// Sends it until the process is dead. A managed process takes a first SIGSEGV or SIGABRT from outside for a fault of its own code, finds
    /// none and runs on with the default disposition; one sent before it has looked is merged with the first.
    /// </summary>
    public static Task UntilDeadAsync(int pid, string signal) => Wait.UntilAsync(
        () =>
        {
            Send(pid, signal);
            return !TaggedProcesses.IsAlive(pid);
        },
        $"{pid} dies of SIG{signal}");
}
