
namespace Supervisor.Cli.Rendering;

/// <summary><c>supervisor why</c>: the restart ledger as lines of text, oldest first. Pure.</summary>
internal static class LedgerLines
{
    public static IEnumerable<string> Of(Ledger ledger, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (ledger.Entries.Count == 0)
            yield return $"{ledger.Service} has not been started yet.";

        foreach (var entry in ledger.Entries)
            yield return Line(entry, zone, now);
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
        yield return entry.Files.Count > 0 ? $"{entry.Cause}: {Wording.Few(entry.Files)}" : entry.Cause;

        if (entry.Exit is { } exit)
            yield return $"ended with {Wording.Of(exit)}";

        if (entry.Detail is { Length: > 0 } detail)
            yield return detail;

        if (entry.Pid is { } pid)
            yield return $"pid {pid}";

        if (entry.DowntimeMs is { } downtime)
            yield return $"down for {Wording.Span(TimeSpan.FromMilliseconds(downtime))}";
    }
}
