using System.Globalization;
using System.Text.Json;

namespace Supervisor.Watcher.Sources.Trees.Watchman;

/// <summary>Up to where Watchman has told: <c>c:STARTED:PID:ROOT:TICK</c>. Only ticks of one run, and one crawl of it, can be compared.</summary>
internal sealed record WatchmanClock(string Text)
{
    public static readonly WatchmanClock None = new("");

    public static WatchmanClock In(JsonElement answer) => new(answer.GetProperty("clock").GetString() ?? "");

    /// <summary>True where that cannot be known, too: to be told twice is harmless.</summary>
    public bool IsAfter(WatchmanClock other)
    {
        var (run, tick) = Parse(Text);
        var (otherRun, otherTick) = Parse(other.Text);
        return run != otherRun || tick is null || otherTick is null || tick > otherTick;
    }

    private static (string Run, long? Tick) Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon < 0 || !long.TryParse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var tick) ? (text, null) : (text[..colon], tick);
    }
}
