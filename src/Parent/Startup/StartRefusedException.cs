namespace Supervisor.Parent.Startup;

/// <summary>The tree cannot be started; no part of it runs. The launcher reads the reason from the startup line.</summary>
internal sealed class StartRefusedException(ExitCode exitCode, string message, IReadOnlyList<string> details) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Details { get; } = details;
}
