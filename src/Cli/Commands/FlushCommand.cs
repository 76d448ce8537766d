using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>flush</c>: returns once every change saved before it is running, or was refused.</summary>
internal static class FlushCommand
{
    public static Command Build(Surroundings here)
    {
        var command = new Command("flush", "Wait until every change saved before now has been delivered and its reload is done.");
        command.SetAction((parsed, cancellationToken) => RunAsync(here, parsed, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings here, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var link = await here.ConnectAsync(parsed, cancellationToken);

        var outcomes = await link.AskAsync((control, token) => control.FlushAsync(token), cancellationToken);

        if (outcomes.Services.Count == 0)
            here.Screen.Out.WriteLine("Nothing is on its way: every change saved before now has been delivered.");

        if (outcomes.Doubt is { } doubt)
            here.Screen.Error.WriteLine($"not proven: {doubt}");

        return (int)OutcomeLines.Write(here.Screen, outcomes);
    }
}
