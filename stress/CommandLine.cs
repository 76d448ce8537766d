using System.CommandLine;
using System.CommandLine.Invocation;
using Supervisor.Stress.Commands;

namespace Supervisor.Stress;

/// <summary>All verbs of the harness together.</summary>
internal static class CommandLine
{
    private const string Description =
        """
        Replays the night behind this project, 3 jobs every 40 s, against a real tree of servers while its processes are struck by real faults, and gives a
        verdict: an HTML report to look at, the record of everything that runEvent, and exit code 0 only if every invariant held.
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

        // A run that is interrupted still settles, stops its tree and writes its report.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(5) });
    }
}
