using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>reload</c>: applies the difference between the running configuration and the file, and returns the outcome.</summary>
internal static class ReloadCommand
{
    public static Command Build(CommandContext context)
    {
        var json = JsonOption.Create();
        var command = new Command("reload", "Read supervisor.json again and apply what changed. Services that did not change keep running.") { json };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        await using var link = await context.ConnectAsync(parsed, cancellationToken);
        var answer = await link.AskAsync((control, token) => control.ReloadAsync(preview: false, token), cancellationToken);

        var outcomes = new Outcomes(answer.Services);

        if (json)
        {
            context.Screen.Out.WriteLine(AnswerJson.Of(answer));
            return (int)OutcomeLines.ExitCodeOf(outcomes);
        }

        context.Screen.Out.WriteLine(DifferenceText.Line(answer.Difference));
        return (int)OutcomeLines.Write(context.Screen, outcomes, json: false);
    }
}
