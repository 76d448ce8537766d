using System.CommandLine;
using System.CommandLine.Invocation;
using Supervisor.Stress.Commands;

namespace Supervisor.Stress;

/// <summary>The command line of the harness: all commands.</summary>
internal static class CommandLine
{
    private const string Description =
        """
        Runs 3 jobs every 40 s against a real tree of servers while it injects real faults into the processes. Writes an HTML report and the record of all
        events. The exit code is 0 only if every invariant held.
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = RunCommand.Build(new RootCommand(Description));
        root.Subcommands.Add(ReportCommand.Build());
        root.Subcommands.Add(CompareCommand.Build());
        root.Subcommands.Add(ProveCommand.Build());
        var parsed = root.Parse(arguments);

        if (parsed.Action is ParseErrorAction)
        {
            await Console.Error.WriteLineAsync(string.Join('\n', parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal)));
            await Console.Error.WriteLineAsync("Try \"dotnet run --project stress -- --help\".");
            return (int)ExitCode.BadUsage;
        }

        // An interrupted run still waits for pending changes, stops its tree and writes its report.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(5) });
    }
}
