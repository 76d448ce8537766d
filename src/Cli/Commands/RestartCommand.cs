using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>restart</c>: builds, validates, restarts and returns the outcome.</summary>
internal static class RestartCommand
{
    public static Command Build(CommandContext context)
    {
        var services = ServiceArgument.Any("The services to restart; \"watcher\" is the file watcher.");
        var all = new Option<bool>("--all") { Description = "Restart every service." };
        var force = new Option<bool>("--force") { Description = "Neither build nor validate first." };
        var json = JsonOption.Create();
        var command = new Command("restart", "Replace running servers by new ones. They are built and validated first, so that a broken server never replaces a running one.") { services, all, force, json };

        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == result.GetValue(services) is { Length: > 0 })
                result.AddError("Name the services to restart, or --all.");
        });

        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, parsed, parsed.GetValue(services) ?? [], parsed.GetValue(force), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ParseResult parsed, IReadOnlyList<string> asked, bool force, bool json, CancellationToken cancellationToken)
    {
        await using var link = await context.ConnectAsync(parsed, cancellationToken);
        var services = EditedConfiguration.Resolve(asked, link.Names.WithWatcher(), context.LocationOf(parsed));

        var outcomes = await link.AskAsync((control, token) => control.RestartAsync(services, force, token), cancellationToken);
        var exitCode = OutcomeLines.Write(context.Screen, outcomes, json);

        if (json)
            return (int)exitCode;

        await FailureOutput.ShowAsync(context.Screen, link, outcomes.Services.Where(o => !o.Succeeded).Select(o => o.Service), cancellationToken);
        await EditedConfiguration.TellAsync(context.Screen, link, cancellationToken);
        return (int)exitCode;
    }
}
