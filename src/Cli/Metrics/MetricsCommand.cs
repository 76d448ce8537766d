using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Stored;

namespace Supervisor.Cli.Metrics;

/// <summary><c>metrics</c>: the figures of the running tree, for Prometheus and other readers of OpenMetrics.</summary>
internal static class MetricsCommand
{
    private const int LedgerEntries = 1_000;

    public static Command Build(CommandContext context)
    {
        var command = new Command("metrics", "Print the figures of the running tree in the OpenMetrics text format.");

        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var link = await context.ConnectAsync(parsed, cancellationToken);
            var board = await link.AskAsync((control, token) => control.StatusAsync(token), cancellationToken);
            var stored = new StoredTree(context.LocationOf(parsed), context.Time);
            var ledgers = board.Services.ToDictionary(service => service.Name, service => stored.Ledger(service.Name, LedgerEntries).Entries, StringComparer.Ordinal);
            context.Screen.Out.Write(TreeMetrics.Of(board, ledgers, context.Time.GetUtcNow()));
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
