using System.Globalization;
using System.Text.RegularExpressions;
using Supervisor.Configuration.Values;

namespace Supervisor.Cli.Init.Reading;

/// <summary>Durations as other tools write them, within the ranges of the configuration. Pure.</summary>
internal static partial class CarriedDuration
{
    /// <summary>Such as <c>1m30s</c>.</summary>
    /// <returns>null: absent, or no duration.</returns>
    public static TimeSpan? Parse(string? text)
    {
        if (text is null || !WholeDuration().IsMatch(text))
            return null;

        var total = Part().Matches(text).Sum(part => double.Parse(part.Groups["number"].Value, CultureInfo.InvariantCulture) * SecondsIn(part.Groups["unit"].Value));
        return total < TimeSpan.FromDays(365).TotalSeconds ? TimeSpan.FromSeconds(total) : null;
    }

    /// <returns>null: there is none.</returns>
    public static string? Text(TimeSpan? duration, TimeSpan least, TimeSpan most) =>
        duration is { } some ? Duration.Text(TimeSpan.FromMilliseconds(Math.Round((some < least ? least : some > most ? most : some).TotalMilliseconds))) : null;

    /// <returns>null: there is none.</returns>
    public static TimeSpan? Seconds(int? seconds) => seconds is >= 0 and < 1_000_000 ? TimeSpan.FromSeconds(seconds.Value) : null;

    private static double SecondsIn(string unit) => unit switch { "h" => 3600, "m" => 60, "s" => 1, "ms" => 0.001, _ => 0.000001 };

    [GeneratedRegex(@"^(?:[0-9]+(?:\.[0-9]+)?(?:h|ms|m|s|us))+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WholeDuration();

    [GeneratedRegex(@"(?<number>[0-9]+(?:\.[0-9]+)?)(?<unit>h|ms|m|s|us)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();
}
