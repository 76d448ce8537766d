using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>why</c>: the restart ledger of one service, or of the watcher.</summary>
internal static class WhyCommand
{
    private const int Max = 1_000;

    public static Command Build(CommandContext context)
    {
        var service = ServiceArgument.One("The service; \"watcher\" is the file watcher.");
        var last = new Option<int>("--last", "-n") { Description = $"How many entries, 1 to {Max}.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var command = new Command("why", "Show why a service was started or stopped: every start with its cause.") { service, last };

        last.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > Max)
                result.AddError($"--last must be between 1 and {Max}.");
        });

        command.SetAction((parsed, cancellationToken) =>
            RunAsync(context, parsed, parsed.GetRequiredValue(service), parsed.GetValue(last), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ParseResult parsed, string service, int last, CancellationToken cancellationToken)
    {
        await using var link = await context.ConnectAsync(parsed, cancellationToken);
        ServiceNames.Check([service], [.. link.Services, ServiceNames.Watcher]);
        var ledger = await link.AskAsync((control, token) => control.WhyAsync(service, last, token), cancellationToken);

        foreach (var line in LedgerLines.Of(ledger, context.Time.LocalTimeZone, context.Time.GetUtcNow()))
            context.Screen.Out.WriteLine(line);

        return (int)ExitCode.Ok;
    }
}
