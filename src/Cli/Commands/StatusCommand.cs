using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>status</c>: the board, as a table or as it is.</summary>
internal static class StatusCommand
{
    // Home, and clear to the end: quieter than clearing first, which flickers.
    private const string Home = "\e[H\e[J";

    public static Command Build(Surroundings here)
    {
        var services = ServiceArgument.Any("Only these services.");
        var json = new Option<bool>("--json") { Description = "The stable JSON form." };
        var follow = new Option<bool>("--follow") { Description = "Go on showing it as it changes." };
        var command = new Command("status", "Show how the tree is.") { services, json, follow };
        command.Aliases.Add("ps");

        command.SetAction((parsed, cancellationToken) => parsed.GetValue(follow)
            ? FollowAsync(here, parsed, parsed.GetValue(services) ?? [], parsed.GetValue(json), cancellationToken)
            : ShowAsync(here, parsed, parsed.GetValue(services) ?? [], parsed.GetValue(json), cancellationToken));
        return command;
    }

    internal static StatusReport Only(StatusReport board, IReadOnlyCollection<string> services) => services.Count == 0
        ? board
        : board with { Services = [.. board.Services.Where(s => services.Contains(s.Name, StringComparer.Ordinal))] };

    internal static ExitCode ExitCodeOf(StatusReport board) =>
        board.Services.Any(s => s.Stale || s.State is ServicePhase.Blocked or ServicePhase.CrashLoop) ? ExitCode.Unhealthy : ExitCode.Ok;

    private static async Task<int> ShowAsync(
        Surroundings here, ParseResult parsed, IReadOnlyCollection<string> services, bool json, CancellationToken cancellationToken)
    {
        await using var link = await here.ConnectAsync(parsed, cancellationToken);
        ServiceNames.Check(services, link.Services);
        var board = Only(link.First, services);

        if (json)
            here.Screen.Out.WriteLine(StatusJson.Of(board));
        else
            StatusTable.Write(here.Screen, board, here.Time.GetUtcNow());

        return (int)ExitCodeOf(board);
    }

    private static async Task<int> FollowAsync(
        Surroundings here, ParseResult parsed, IReadOnlyCollection<string> services, bool json, CancellationToken cancellationToken)
    {
        await using var link = await here.FollowAsync(parsed, cancellationToken);
        ServiceNames.Check(services, link.Services);
        Show(here, Only(link.First, services), json);

        await foreach (var board in link.Boards.ReadAllAsync(cancellationToken))
            Show(here, Only(board, services), json);

        here.Screen.Error.WriteLine("The tree has stopped.");
        return (int)ExitCode.Ok;
    }

    private static void Show(Surroundings here, StatusReport board, bool json)
    {
        if (json)
        {
            here.Screen.Out.WriteLine(StatusJson.Line(board));
            return;
        }

        here.Screen.Out.Write(here.Screen.IsTerminal ? Home : "");
        StatusTable.Write(here.Screen, board, here.Time.GetUtcNow());
    }
}
