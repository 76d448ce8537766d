using System.Globalization;

namespace Supervisor.Configuration.Values;

/// <summary>
/// Durations such as <c>250ms</c>, <c>5s</c>, <c>1.5m</c>, <c>1h</c>. A bare number is refused, because its unit is unclear. Also used for options of
/// the command line.
/// </summary>
public static class Duration
{
    public static Func<string, Parsed<TimeSpan>> Between(TimeSpan least, TimeSpan most) => text =>
    {
        if (!Quantity.TrySplit(text, out var number, out var unit) || MillisecondsIn(unit) is not { } milliseconds)
            return Parsed.Wrong<TimeSpan>("must be a duration such as \"250ms\", \"5s\", \"2m\" or \"1h\"");

        return number <= (decimal)most.TotalMilliseconds / milliseconds && number >= (decimal)least.TotalMilliseconds / milliseconds
            ? Parsed.Ok(TimeSpan.FromTicks((long)(number * milliseconds * TimeSpan.TicksPerMillisecond)))
            : Parsed.Wrong<TimeSpan>($"must be between {Text(least)} and {Text(most)}");
    };

    /// <summary>The shortest text that parses to the same duration.</summary>
    public static string Text(TimeSpan duration) => duration switch
    {
        _ when duration == TimeSpan.Zero => "0ms",
        _ when duration.Ticks % TimeSpan.TicksPerHour == 0 => Whole(duration.TotalHours, "h"),
        _ when duration.Ticks % TimeSpan.TicksPerMinute == 0 => Whole(duration.TotalMinutes, "m"),
        _ when duration.Ticks % TimeSpan.TicksPerSecond == 0 => Whole(duration.TotalSeconds, "s"),
        _ => Whole(duration.TotalMilliseconds, "ms"),
    };

    private static string Whole(double number, string unit) => number.ToString(CultureInfo.InvariantCulture) + unit;

    private static decimal? MillisecondsIn(string unit) => unit switch
    {
        "ms" => 1,
        "s" => 1_000,
        "m" or "min" => 60_000,
        "h" => 3_600_000,
        _ => null,
    };
}
