using System.Text.Json;

namespace Supervisor.Stress.Observing;

/// <summary>
/// Finds the new entries of one ledger. A ledger only grows, so entries behind the last known one are new; entries have no number, so that one is recognised
/// by its content. Independent of the process that writes the ledger. Not thread-safe.
/// </summary>
internal sealed class LedgerTail
{
    private string? _last;

    /// <summary>Whether the answer reaches back to the last known entry; if not, request a longer one.</summary>
    public bool Overlaps(IReadOnlyList<LedgerEntry> answer) => _last is null || answer.Any(entry => KeyOf(entry) == _last);

    /// <param name="answer">The ledger's last entries, oldest first.</param>
    public IReadOnlyList<LedgerEntry> NewEntries(IReadOnlyList<LedgerEntry> answer)
    {
        var known = answer.Count - 1;
        while (known >= 0 && KeyOf(answer[known]) != _last)
            known--;
        if (answer.Count > 0)
            _last = KeyOf(answer[^1]);
        return [.. answer.Skip(known + 1)];
    }

    private static string KeyOf(LedgerEntry entry) => JsonSerializer.Serialize(entry, ContractJson.Default.LedgerEntry);
}
