using Supervisor.Cli.Commands;
using Supervisor.Cli.Rendering;
using Supervisor.Cli.Running;
using Supervisor.Processes;

namespace Supervisor.Cli;

/// <summary>The command line, <c>supervisor COMMAND</c>.</summary>
public static class CliProgram
{
    private static readonly string[] OfRuns = [StartCommand.Name, StartCommand.Alias, RunCommand.Name];

    /// <returns>The process's exit code.</returns>
    public static Task<int> RunAsync(string[] arguments)
    {
        // A script's shell ignores SIGINT for what it starts with "&", but an interrupt is how a run is stopped. Before the console is used: it settles which
        // signals stay ignored.
        if (arguments.TakeWhile(argument => argument != "--").Any(OfRuns.Contains))
            DefaultSignal.RestoreInterrupt();

        return CommandLine.RunAsync(arguments, Screen.OfThisProcess(), TimeProvider.System);
    }
}
