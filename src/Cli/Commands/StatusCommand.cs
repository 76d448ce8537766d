using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;
using Supervisor.Cli.Stored;

namespace Supervisor.Cli.Commands;

/// <summary><c>status</c>: the board as a table or as JSON.</summary>
internal static class StatusCommand
{
    // Cursor home, then clear to the end: clearing first would flicker.
    private const string Home = "\e[H\e[J";

    public static Command Build(CommandContext context)
    {
        var services = ServiceArgument.Any("Only these services.");
        var json = JsonOption.Create();
        var follow = new Option<bool>("--follow") { Description = "Continue to show it as it changes." };
        var command = new Command("status", "Show the status of the tree.") { services, json, follow };
        command.Aliases.Add("ps");

        command.SetAction((parsed, cancellationToken) => parsed.GetValue(follow)
            ? FollowAsync(context, parsed, parsed.GetValue(services) ?? [], parsed.GetValue(json), cancellationToken)
            : ShowAsync(context, parsed, parsed.GetValue(services) ?? [], parsed.GetValue(json), cancellationToken));
        return command;
    }

    internal static StatusReport Only(StatusReport board, IReadOnlyCollection<string> services) => services.Count == 0
        ? board
        : board with { Services = [.. board.Services.Where(s => services.Contains(s.Name, StringComparer.Ordinal))] };

    internal static ExitCode ExitCodeOf(StatusReport board) =>
        board.Services.Any(s => s.Stale || s.State is ServicePhase.Blocked or ServicePhase.CrashLoop or ServicePhase.Failed or ServicePhase.Unhealthy) ? ExitCode.Unhealthy : ExitCode.Ok;

    private static async Task<int> ShowAsync(
        CommandContext context, ParseResult parsed, IReadOnlyCollection<string> asked, bool json, CancellationToken cancellationToken)
    {
        var location = context.LocationOf(parsed);
        await using var link = await context.TryConnectAsync(location, cancellationToken);

        if (link is null)
            return (int)await ShowStoredAsync(context, location, asked, json, cancellationToken);

        var board = Only(link.InitialStatus, link.Names.Resolve(asked));

        if (json)
            context.Screen.Out.WriteLine(AnswerJson.Of(board));
        else
            StatusTable.Write(context.Screen, board, context.Time.GetUtcNow());

        return (int)ExitCodeOf(board);
    }

    /// <summary>JSON has only the shape of a running tree, so there is none here.</summary>
    private static async Task<ExitCode> ShowStoredAsync(
        CommandContext context, TreeLocation location, IReadOnlyCollection<string> asked, bool json, CancellationToken cancellationToken)
    {
        if (!File.Exists(location.ConfigPath))
            throw location.NotRunning();

        var tree = new StoredTree(location, context.Time);
        var names = tree.Names;
        var stored = await tree.ReadAsync(asked.Count > 0 ? names.Resolve(asked) : names.Services, cancellationToken);
        context.Screen.Error.WriteLine(StoredService.Notice(location.ConfigPath, stored));

        if (!json && stored.Count > 0)
            StatusTable.Write(context.Screen, [.. stored.Select(service => service.Status)], stored.Select(service => service.Remark(context.Time.GetUtcNow())).OfType<string>(), context.Time.GetUtcNow());

        return ExitCode.NotRunning;
    }

    private static async Task<int> FollowAsync(
        CommandContext context, ParseResult parsed, IReadOnlyCollection<string> asked, bool json, CancellationToken cancellationToken)
    {
        await using var link = await context.FollowAsync(parsed, cancellationToken);
        var services = link.Names.Resolve(asked);
        Show(context, Only(link.InitialStatus, services), json);

        await foreach (var board in link.Boards.ReadAllAsync(cancellationToken))
            Show(context, Only(board, services), json);

        context.Screen.Error.WriteLine("The tree has stopped.");
        return (int)ExitCode.Ok;
    }

    private static void Show(CommandContext context, StatusReport board, bool json)
    {
        if (json)
        {
            context.Screen.Out.WriteLine(AnswerJson.Line(board));
            return;
        }

        context.Screen.Out.Write(context.Screen.IsTerminal ? Home : "");
        StatusTable.Write(context.Screen, board, context.Time.GetUtcNow());
    }
}
