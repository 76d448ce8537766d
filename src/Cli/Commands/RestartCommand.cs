using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>restart</c>: validates first, and returns the outcome, not the acceptance.</summary>
internal static class RestartCommand
{
    public static Command Build(Surroundings here)
    {
        var services = ServiceArgument.Any("The services to restart; \"watcher\" means the watcher itself.");
        var all = new Option<bool>("--all") { Description = "Restart every service." };
        var force = new Option<bool>("--force") { Description = "Do not validate first." };
        var command = new Command("restart", "Exchange running servers for new ones: validated first, so that a broken one never replaces one that runs.") { services, all, force };

        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == result.GetValue(services) is { Length: > 0 })
                result.AddError("Name the services to restart, or --all.");
        });

        command.SetAction((parsed, cancellationToken) => RunAsync(
            here, parsed, parsed.GetValue(services) ?? [], parsed.GetValue(force), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings here, ParseResult parsed, IReadOnlyList<string> services, bool force, CancellationToken cancellationToken)
    {
        await using var link = await here.ConnectAsync(parsed, cancellationToken);
        ServiceNames.Check(services, [.. link.Services, ServiceNames.Watcher]);

        return (int)OutcomeLines.Write(here.Screen, await link.AskAsync((control, token) => control.RestartAsync(services, force, token), cancellationToken));
    }
}
