namespace Supervisor.Parent;

/// <summary>The tree cannot be started; nothing of it runs. Told to the launcher in the one line it waits for.</summary>
internal sealed class StartRefusedException(ExitCode exitCode, string message, IReadOnlyList<string> details) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Details { get; } = details;
}
