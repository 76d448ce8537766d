namespace Supervisor.Stress.Invariants.Statistics;

/// <summary>Quantiles by nearest rank: values that occurred. Pure.</summary>
internal static class NearestRank
{
    /// <summary>The smallest of the values that at least this share of all does not exceed.</summary>
    /// <param name="sorted">Ascending, not empty.</param>
    /// <param name="share">0 to 1.</param>
    public static TimeSpan Of(IReadOnlyList<TimeSpan> sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
