using System.CommandLine;
using System.Globalization;
using Supervisor.Cli.Commands;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Doctor;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Listing;

/// <summary><c>list</c>: the names of the services, or with <c>--all</c> every tree of this user that runs.</summary>
internal static class ListCommand
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(3);

    private static readonly TableColumn[] Columns = [new("CONFIGURATION", Shortest: 20), new("PARENT"), new("SERVICES"), new("UP", LeftOut: 1)];

    public static Command Build(CommandContext context)
    {
        var all = new Option<bool>("--all") { Description = "Every tree of this user that runs, with its configuration file." };
        var json = JsonOption.Create();
        var command = new Command("list", "List the names of the services; with --all, the trees of this user.") { all, json };
        command.Aliases.Add("ls");

        command.SetAction((parsed, cancellationToken) => parsed.GetValue(all)
            ? ListTreesAsync(context, parsed.GetValue(json), cancellationToken)
            : ListServicesAsync(context, context.LocationOf(parsed), parsed.GetValue(json), cancellationToken));
        return command;
    }

    /// <summary>Those of the running tree, which may have been started with an earlier configuration; else those of the file.</summary>
    private static async Task<int> ListServicesAsync(CommandContext context, TreeLocation location, bool json, CancellationToken cancellationToken)
    {
        await using var link = await context.TryConnectAsync(location, cancellationToken);

        if (link is null && !File.Exists(location.ConfigPath))
            throw location.NotRunning();

        var names = link?.Names ?? ServiceNames.Of(location.ReadConfiguration());

        if (json)
            context.Screen.Out.WriteLine(ListedText.Of(new ListedServices(location.ConfigPath, link is not null, names.Services, names.Groups)));
        else
            names.Services.ToList().ForEach(context.Screen.Out.WriteLine);

        return (int)ExitCode.Ok;
    }

    private static async Task<int> ListTreesAsync(CommandContext context, bool json, CancellationToken cancellationToken)
    {
        var live = (await KnownTree.FindAsync(context.Time, cancellationToken)).Where(tree => tree.IsLive && Directory.Exists(tree.Runtime.Root));
        var found = await Task.WhenAll(live.Select(tree => AskAsync(tree, context.Time, cancellationToken)));
        ListedTree[] trees = [.. found.OrderBy(tree => tree.Config, StringComparer.Ordinal)];

        if (json)
            context.Screen.Out.WriteLine(ListedText.Of(new ListedTrees(trees)));
        else if (trees.Length == 0)
            context.Screen.Error.WriteLine("No tree of this user runs.");
        else
            TableLines.Of(Columns, trees.Select(tree => Cells(tree, context.Time.GetUtcNow())), context.Screen.Width).ToList().ForEach(context.Screen.Out.WriteLine);

        return (int)ExitCode.Ok;
    }

    private static TableCell[] Cells(ListedTree tree, DateTimeOffset now) =>
    [
        new(tree.Config),
        new(tree.ParentPid?.ToString(CultureInfo.InvariantCulture) ?? "does not answer"),
        new(string.Join(", ", tree.Services)),
        new(tree.StartedAt is { } started ? Wording.Span(now - started) : ""),
    ];

    /// <summary>A parent that does not answer in time is listed with what its files say.</summary>
    private static async Task<ListedTree> AskAsync(KnownTree tree, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(AnswerDeadline);

        try
        {
            await using var client = await SupervisorClient.ConnectToPipeAsync(tree.Runtime.ControlSocket, time, deadline.Token);
            var board = await client.CallAsync((control, token) => control.StatusAsync(token), deadline.Token);
            return new ListedTree(board.Tree.Config, board.Tree.ParentPid, board.Tree.StartedAt, [.. board.Services.Select(service => service.Name)]);
        }
        catch (Exception unanswered) when (unanswered is PipeUnavailableException or LinkEndedException or StreamJsonRpc.RemoteRpcException
            || (unanswered is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new ListedTree(
                tree.Launches.Select(host => host.Launch.ConfigFolder).FirstOrDefault() ?? tree.Runtime.Root, ParentPid: null, StartedAt: null,
                [.. tree.Launches.Select(host => host.Launch.Spec.Name)]);
        }
    }
}
