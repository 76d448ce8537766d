using System.Globalization;

namespace Supervisor.Cli.Output;

/// <summary>A line of a service's output, such as <c>web@2026-11-21T23:00:00.123456Z+2</c>: the second of those with this time. It stays valid when the files rotate, and in a later tree.</summary>
/// <param name="At">Whole microseconds, as the log files have them.</param>
/// <param name="Place">From 1.</param>
internal sealed record LogCursor(string Service, DateTimeOffset At, int Place)
{
    public static LogCursor Of(string service, in ReadLine line) => new(service, Time(line.Line.At), line.Place);

    public static DateTimeOffset Time(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));

    /// <returns>null: it is none.</returns>
    public static LogCursor? TryParse(string text) =>
        text.LastIndexOf('@') is > 0 and var sign && text.LastIndexOf('+') is var plus && plus > sign
        && DateTimeOffset.TryParseExact(text[(sign + 1)..plus], OutputLine.StampFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
        && int.TryParse(text[(plus + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? new LogCursor(text[..sign], at, place)
            : null;

    public bool IsBefore(in ReadLine line) => Time(line.Line.At) is var at && (at > At || (at == At && line.Place > Place));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Service}@{At.UtcDateTime.ToString(OutputLine.StampFormat, CultureInfo.InvariantCulture)}+{Place}");
}
