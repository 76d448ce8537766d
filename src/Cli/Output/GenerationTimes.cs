using System.Globalization;

namespace Supervisor.Cli.Output;

/// <summary>When each server of a service was started, as its ledger has it. Pure.</summary>
/// <param name="Starts">Oldest first; a start is before the first output.</param>
internal sealed record GenerationTimes(IReadOnlyList<(int Generation, DateTimeOffset At)> Starts)
{
    public const string Current = "current";
    public const string Previous = "previous";

    /// <param name="entries">Of the ledger, oldest first.</param>
    public static GenerationTimes Of(IReadOnlyList<LedgerEntry> entries)
    {
        var starts = entries.Where(entry => entry is { Event: "started" or "reloaded", Pid: not null }).ToArray();

        // A server that has reloaded at a signal is the same one.
        return new GenerationTimes([.. starts.Where((entry, i) => i == 0 || (entry.Generation, entry.Pid) != (starts[i - 1].Generation, starts[i - 1].Pid))
            .Select(entry => (entry.Generation, LogCursor.Time(entry.At)))]);
    }

    /// <summary>The last change that the service has reacted to; null: the ledger has none.</summary>
    public static DateTimeOffset? LastChange(IReadOnlyList<LedgerEntry> entries) => entries.LastOrDefault(entry => entry.Files.Count > 0) is { } last ? LogCursor.Time(last.At) : null;

    /// <returns>null: it is older than all.</returns>
    public int? Of(DateTimeOffset at) => Starts.LastOrDefault(start => start.At <= at) is { Generation: > 0 and var found } ? found : null;

    /// <param name="wanted">A number, <see cref="Current"/> or <see cref="Previous"/>.</param>
    /// <returns>From when to when it ran or runs; null: the ledger has no such generation.</returns>
    public (DateTimeOffset Since, DateTimeOffset? Until)? Span(string wanted)
    {
        var at = wanted switch
        {
            Current => Starts.Count - 1,
            Previous => Starts.Count - 2,
            _ => Starts.Select((start, i) => start.Generation.ToString(CultureInfo.InvariantCulture) == wanted ? i : -1).Append(-1).Max(),
        };

        return at < 0 ? null : (Starts[at].At, at + 1 < Starts.Count ? Starts[at + 1].At : null);
    }
}
