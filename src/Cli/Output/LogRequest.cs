namespace Supervisor.Cli.Output;

/// <summary>Which lines a command asks for. Pure.</summary>
/// <param name="Selection">Of each service.</param>
/// <param name="Generation">See <see cref="GenerationTimes.Span"/>; null: all.</param>
/// <param name="IsSinceChange">Only what came after the last change that the service has reacted to.</param>
/// <param name="After">At most one of each service.</param>
internal sealed record LogRequest(LogSelection Selection, string? Generation = null, bool IsSinceChange = false, IReadOnlyList<LogCursor>? After = null)
{
    public bool NeedsLedger => Generation is not null || IsSinceChange;

    /// <param name="entries">Of the ledger of the service, oldest first; empty where it is not needed.</param>
    /// <returns>null: there is nothing of what is asked for.</returns>
    public LogSelection? Of(string service, IReadOnlyList<LedgerEntry> entries)
    {
        var selection = Selection;

        if (After?.FirstOrDefault(cursor => cursor.Service == service) is { } cursor)
            selection = selection with { After = cursor, Since = Later(selection.Since, cursor.At) };

        if (IsSinceChange)
        {
            if (GenerationTimes.LastChange(entries) is not { } change)
                return null;

            selection = selection with { Since = Later(selection.Since, change) };
        }

        return Generation is null ? selection
            : GenerationTimes.Of(entries).Span(Generation) is { } span ? selection with { Since = Later(selection.Since, span.Since), Until = span.Until }
            : null;
    }

    private static DateTimeOffset Later(DateTimeOffset? one, DateTimeOffset other) => one > other ? one.Value : other;
}
