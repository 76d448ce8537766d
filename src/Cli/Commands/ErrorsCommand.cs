using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Output;

namespace Supervisor.Cli.Commands;

/// <summary><c>errors</c>: the error lines of the servers that run now, or ran last.</summary>
internal static class ErrorsCommand
{
    public static Command Build(CommandContext context)
    {
        var services = ServiceArgument.Any("Only these services.");
        var timestamps = new Option<bool>("--timestamps", "-t") { Description = "Begin every line with its time." };
        var json = JsonOption.Create("one object a line");
        var command = new Command("errors", "Show the error lines of the server that runs now, or ran last.") { services, timestamps, json };

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = new LogRequest(new LogSelection(Last: null, Since: null, Pattern: null) { Least = LogSeverity.Error, TellsPlaces = parsed.GetValue(json) }, GenerationTimes.Current);
            var run = new LogRun(context, context.LocationOf(parsed), parsed.GetValue(services) ?? [], request, parsed.GetValue(timestamps) ? LineTimes.All : LineTimes.Own, parsed.GetValue(json));
            var (asked, shown) = await run.ShowAsync(follows: false, showsCursor: false, cancellationToken);

            if (shown == 0 && !parsed.GetValue(json))
                context.Screen.Out.WriteLine($"No error lines of {string.Join(", ", asked)} since the last start.");

            return (int)ExitCode.Ok;
        });
        return command;
    }
}
