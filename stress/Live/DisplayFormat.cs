using System.Globalization;

namespace Supervisor.Stress.Live;

/// <summary>Formats figures for people.</summary>
internal static class DisplayFormat
{
    public static string Clock(TimeSpan time) =>
        time < TimeSpan.Zero ? "0:00" : time.TotalHours >= 1 ? $"{(long)time.TotalHours}:{time:mm\\:ss}" : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    /// <summary>A round duration: "30 s", "2 min".</summary>
    public static string Span(TimeSpan span) => span < TimeSpan.FromMinutes(1) ? $"{span.TotalSeconds:0} s" : $"{span.TotalMinutes:0.#} min";

    public static string Latency(TimeSpan? latency) =>
        latency is not { } known ? "–"
        : known < TimeSpan.FromSeconds(1) ? $"{known.TotalMilliseconds:0} ms"
        : $"{known.TotalSeconds:0.00} s";

    public static string Memory(long? bytes) => bytes is { } known ? $"{known / (1024.0 * 1024):0} MB" : "–";

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";
}
