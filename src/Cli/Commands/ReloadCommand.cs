using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>reload</c>: applies the difference between the running configuration and the file, and returns the outcome.</summary>
internal static class ReloadCommand
{
    public static Command Build(CommandContext context)
    {
        var command = new Command("reload", "Read supervisor.json again and apply what changed. Services that did not change keep running.");
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var link = await context.ConnectAsync(parsed, cancellationToken);
        var answer = await link.AskAsync((control, token) => control.ReloadAsync(preview: false, token), cancellationToken);

        context.Screen.Out.WriteLine(DifferenceText.Line(answer.Difference));
        return (int)OutcomeLines.Write(context.Screen, new Outcomes(answer.Services));
    }
}
