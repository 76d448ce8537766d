
namespace Supervisor.Cli.Rendering;

/// <summary><c>supervisor why</c>: the restart ledger as lines of text, oldest first. Pure.</summary>
internal static class LedgerLines
{
    public static IEnumerable<string> Of(Ledger ledger, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (ledger.Entries.Count == 0)
            yield return $"{ledger.Service} has not been started yet.";

        var newest = ledger.Entries.LastOrDefault(entry => entry.Evidence is not null);

        foreach (var entry in ledger.Entries)
        {
            yield return Line(entry, zone, now);

            // Of the newest end only: a crash loop prints the same again and again.
            foreach (var line in ReferenceEquals(entry, newest) && entry.Evidence is { } evidence ? EvidenceLines.Output(evidence) : [])
                yield return line;
        }
    }

    private static string Line(LedgerEntry entry, TimeZoneInfo zone, DateTimeOffset now)
    {
        var day = TimeZoneInfo.ConvertTime(entry.At, zone).Date == TimeZoneInfo.ConvertTime(now, zone).Date
            ? ""
            : TimeZoneInfo.ConvertTime(entry.At, zone).ToString("yyyy-MM-dd ", System.Globalization.CultureInfo.InvariantCulture);

        return $"{day}{Wording.Clock(entry.At, zone)}  #{entry.Generation,-4} {entry.Event,-10}  {string.Join("; ", Reasons(entry))}".TrimEnd();
    }

    private static IEnumerable<string> Reasons(LedgerEntry entry)
    {
        yield return Wording.Cause(entry.Cause, entry.Files);

        if (entry.Exit is { } exit)
            yield return IsAsAsked(entry) ? $"ended as asked ({Wording.Of(exit)})" : $"ended with {Wording.Of(exit)}";

        if (entry.Detail is { Length: > 0 } detail)
            yield return detail;

        foreach (var fact in entry.Evidence is { } evidence ? EvidenceLines.Facts(evidence, entry.At) : [])
            yield return fact;

        if (entry.Pid is { } pid)
            yield return $"pid {pid}";

        if (entry.DowntimeMs is { } downtime)
            yield return $"down for {Wording.Span(TimeSpan.FromMilliseconds(downtime))}";
    }

    /// <summary>The detail of a stop says what was wrong with it.</summary>
    private static bool IsAsAsked(LedgerEntry entry) => entry is { Event: "stopped", Detail: null, Exit: { Reason: not ExitKind.Lost, Signal: not "SIGKILL" } };
}
