using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>flush</c>: returns once every change saved before it runs, or was refused.</summary>
internal static class FlushCommand
{
    public static Command Build(CommandContext context)
    {
        var json = JsonOption.Create();
        var command = new Command("flush", "Wait until every change saved before now has been delivered and its reload is done.") { json };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        await using var link = await context.ConnectAsync(parsed, cancellationToken);

        var outcomes = await link.AskAsync((control, token) => control.FlushAsync(deliveredOnly: false, token), cancellationToken);

        if (outcomes.Services.Count == 0 && !json)
            context.Screen.Out.WriteLine("Nothing to wait for: every change saved before now has been delivered.");

        if (outcomes.Doubt is { } doubt && !json)
            context.Screen.Error.WriteLine($"not proven: {doubt}");

        return (int)OutcomeLines.Write(context.Screen, outcomes, json);
    }
}
