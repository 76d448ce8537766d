using Supervisor.Cli.Rendering;

namespace Supervisor.Cli;

/// <summary>The command line, <c>supervisor COMMAND</c>.</summary>
public static class CliProgram
{
    /// <returns>The process's exit code.</returns>
    public static Task<int> RunAsync(string[] arguments) =>
        CommandLine.RunAsync(arguments, Screen.OfThisProcess(), TimeProvider.System);
}
