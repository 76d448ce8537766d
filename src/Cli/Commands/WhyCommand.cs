using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;
using Supervisor.Cli.Stored;

namespace Supervisor.Cli.Commands;

/// <summary><c>why</c>: the restart ledger of one service, or of the watcher; from the files on disk where no tree runs.</summary>
internal static class WhyCommand
{
    private const int Max = 1_000;

    public static Command Build(CommandContext context)
    {
        var service = ServiceArgument.One("The service; \"watcher\" is the file watcher.");
        var last = new Option<int>("--last", "-n") { Description = $"How many entries, 1 to {Max}.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var rate = new Option<bool>("--rate") { Description = "Only how often it was restarted and reloaded in the last hour and day." };
        var json = JsonOption.Create();
        var command = new Command("why", "Show why a service was started or stopped: every start with its cause.") { service, last, rate, json };

        last.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > Max)
                result.AddError($"--last must be between 1 and {Max}.");
        });

        command.Validators.Add(result =>
        {
            if (result.GetValue(rate) && result.GetValue(json))
                result.AddError("The rates as JSON are in \"supervisor status --json\": leave out --rate or --json.");
        });

        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, context.LocationOf(parsed), parsed.GetRequiredValue(service), parsed.GetValue(last), parsed.GetValue(rate), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, TreeLocation location, string service, int last, bool rate, bool json, CancellationToken cancellationToken)
    {
        await using var link = await context.TryConnectAsync(location, cancellationToken);
        var stored = new StoredTree(location, context.Time);
        service = (link?.Names ?? stored.Names).WithWatcher().One(service);

        if (link is null)
            context.Screen.Error.WriteLine(StoredService.NotRunning(location.ConfigPath));

        if (json)
        {
            context.Screen.Out.WriteLine(AnswerJson.Of(await LedgerAsync(link, stored, service, last, cancellationToken)));
            return (int)ExitCode.Ok;
        }

        foreach (var line in rate ? [RateText.Of(service, stored.Rates(service))] : await LinesAsync(context, link, stored, service, last, cancellationToken))
            context.Screen.Out.WriteLine(line);

        return (int)ExitCode.Ok;
    }

    private static async Task<IEnumerable<string>> LinesAsync(
        CommandContext context, ControlLink? link, StoredTree stored, string service, int last, CancellationToken cancellationToken)
    {
        var ledger = await LedgerAsync(link, stored, service, last, cancellationToken);
        return LedgerLines.Of(ledger, context.Time.LocalTimeZone, context.Time.GetUtcNow());
    }

    private static async Task<Ledger> LedgerAsync(ControlLink? link, StoredTree stored, string service, int last, CancellationToken cancellationToken) => link is null
        ? stored.Ledger(service, last)
        : await link.AskAsync((control, token) => control.WhyAsync(service, last, token), cancellationToken);
}
