using Supervisor.Cli.Connection;
using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;
using Supervisor.Cli.Stored;

namespace Supervisor.Cli.Commands;

/// <summary>Shows lines of services, from their hosts while the tree runs; from the log files otherwise, and for older lines.</summary>
internal sealed class LogRun(CommandContext context, TreeLocation location, string[] asked, LogRequest request, LineTimes times, bool json)
{
    /// <summary>More starts than anybody looks back.</summary>
    private const int LedgerEntries = 1_000;

    private readonly StoredTree _stored = new(location, context.Time);

    /// <returns>The services of which lines were asked for, and how many lines of the past were shown.</returns>
    public async Task<(IReadOnlyList<string> Services, int Shown)> ShowAsync(bool follows, bool showsCursor, CancellationToken cancellationToken)
    {
        await using var link = await context.TryConnectAsync(location, cancellationToken);

        if (follows && link is null)
            throw location.NotRunning();

        var known = link?.Names ?? _stored.Names;
        var services = asked.Length == 0 ? known.Services : known.Resolve(asked);

        if (link is null)
            context.Screen.Error.WriteLine(StoredService.NotRunning(location.ConfigPath));

        var ledgers = services.ToDictionary(service => service, service => request.NeedsLedger || json ? _stored.Ledger(service, LedgerEntries).Entries : [], StringComparer.Ordinal);
        var viewing = new LogView(context, location, link, Selections(services, ledgers, follows), Format(services, ledgers));
        var shown = await viewing.ShowHistoryAsync(cancellationToken);

        if (follows)
            await viewing.FollowAsync(cancellationToken);

        if (showsCursor)
            context.Screen.Error.WriteLine(string.Join(',', viewing.Cursors));

        return (services, shown);
    }

    private Dictionary<string, LogSelection> Selections(IReadOnlyList<string> services, Dictionary<string, IReadOnlyList<LedgerEntry>> ledgers, bool follows)
    {
        var selections = new Dictionary<string, LogSelection>(StringComparer.Ordinal);

        foreach (var service in services)
        {
            if (request.Of(service, ledgers[service]) is { } selection)
            {
                selections.Add(service, selection);
                continue;
            }

            context.Screen.Error.WriteLine(Missing(service, GenerationTimes.Of(ledgers[service])));

            // Whatever it prints from now on is what is asked for.
            if (follows)
                selections.Add(service, request.Selection with { Since = context.Time.GetUtcNow() });
        }

        return selections;
    }

    private string Missing(string service, GenerationTimes times) =>
        request.IsSinceChange ? $"{service} has not reacted to a saved file, as far as its ledger goes back."
        : times.Starts.Count == 0 ? $"{service} has never been started."
        : $"{service} has no generation {request.Generation}; its ledger has {times.Starts[0].Generation} to {times.Starts[^1].Generation}.";

    private ILogFormat Format(IReadOnlyList<string> services, Dictionary<string, IReadOnlyList<LedgerEntry>> ledgers) => json
        ? new JsonLineFormat(ledgers.ToDictionary(it => it.Key, it => GenerationTimes.Of(it.Value), StringComparer.Ordinal))
        : new LineFormat(services, new Palette(context.Screen.Coloured), new LineClock(context.Time.LocalTimeZone, times)) { IsForTerminal = context.Screen.IsTerminal };
}
