
namespace Supervisor.Cli;

/// <summary>Ends a command with a message for people and an exit code for scripts. Caught in one place: <see cref="CommandLine"/>.</summary>
internal sealed class CommandFailure(ExitCode exitCode, string message, IReadOnlyList<string>? details = null, Exception? inner = null)
    : Exception(message, inner)
{
    public ExitCode ExitCode { get; } = exitCode;

    /// <summary>One line each, shown under the message.</summary>
    public IReadOnlyList<string> Details { get; } = details ?? [];
}
