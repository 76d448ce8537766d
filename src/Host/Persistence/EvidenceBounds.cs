namespace Supervisor.Host.Persistence;

/// <summary>Keeps an answer of many ledger entries within the limit of a message: only the newest ends keep their output. Pure.</summary>
internal static class EvidenceBounds
{
    /// <summary>The output of one end is up to 6 KB, in JSON perhaps six times that, and a message has at most 1 MiB.</summary>
    private const int EndsWithOutput = 10;

    public static IReadOnlyList<LedgerEntry> Applied(IReadOnlyList<LedgerEntry> entries)
    {
        var first = entries.Index().Where(entry => entry.Item.Evidence is not null).TakeLast(EndsWithOutput).Select(entry => entry.Index).FirstOrDefault();

        return [.. entries.Index().Select(entry => entry.Index >= first || entry.Item.Evidence is not { } evidence
            ? entry.Item
            : entry.Item with { Evidence = evidence with { Output = [] } })];
    }
}
