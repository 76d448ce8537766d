using System.Globalization;

namespace Supervisor.Stress.Invariants;

/// <summary>Formats figures for verdicts. Pure.</summary>
internal static class VerdictFormat
{
    public const double BytesPerMegabyte = 1024 * 1024;

    public static string Span(TimeSpan span) => span.TotalSeconds switch
    {
        < 1 => Format($"{span.TotalMilliseconds:0} ms"),
        < 100 => Format($"{span.TotalSeconds:0.0} s"),
        < 6000 => Format($"{span.TotalMinutes:0} min"),
        _ => Format($"{span.TotalHours:0.0} h"),
    };

    public static string Size(long bytes) => Format($"{bytes / BytesPerMegabyte:0.#} MB");

    public static string Count(long count) => Format($"{count:#,0}");

    public static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
