using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Supervisor.Cli.Interop;

namespace Supervisor.Cli.Wrapping;

/// <summary>
/// Runs a program with this process's input, output and terminal, and returns its exit code. The program gets signals of the terminal (Ctrl-C)
/// directly; signals sent only to this process are forwarded.
/// </summary>
internal static class WrappedProgram
{
    // As in shells.
    private const ExitCode NotFound = (ExitCode)127;
    private const ExitCode NotRunnable = (ExitCode)126;

    /// <returns>Its exit code; 128 and the number of the signal that ended it.</returns>
    /// <exception cref="CommandFailure">There is no such program (127), or it cannot be run (126).</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> command)
    {
        using var process = Start(command);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ignore);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Ignore);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Forward(context, process, LibC.SIGTERM));
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Forward(context, process, LibC.SIGHUP));

        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    private static Process Start(IReadOnlyList<string> command)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(Find(command[0]), command.Skip(1)) { UseShellExecute = false })!;
        }
        catch (Win32Exception e)
        {
            throw e.NativeErrorCode == LibC.ENOENT
                ? Missing(command[0], e)
                : new CommandFailure(NotRunnable, $"{command[0]} cannot be run: {e.Message}", inner: e);
        }
    }

    private static string Find(string program) => program.Contains('/', StringComparison.Ordinal)
        ? program
        : ProgramSearch.In((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries), program)
            ?? throw Missing(program, inner: null);

    private static CommandFailure Missing(string program, Exception? inner) =>
        new(NotFound, $"{program}: no such program; nothing was run.", inner: inner);

    private static void Ignore(PosixSignalContext context) => context.Cancel = true;

    private static void Forward(PosixSignalContext context, Process process, int signal)
    {
        context.Cancel = true;

        // A child that has ended stays a zombie until this process waits for it at the end, so no other process can have its pid.
        if (!process.HasExited)
            LibC.kill(process.Id, signal);
    }
}
