namespace Supervisor.Stress.Invariants.Statistics;

/// <summary>Repeated durations: exact quantiles (nearest rank), and bars for a logarithmic axis. Immutable.</summary>
internal sealed record Distribution(int Count, TimeSpan P50, TimeSpan P90, TimeSpan P99, TimeSpan Max, IReadOnlyList<DistributionBar> Bars)
{
    /// <summary>The number of bars per factor of ten: each is a quarter wider than the one before it.</summary>
    private const int BarsPerDecade = 10;

    /// <summary>Shorter durations go into the first bar.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    public static Distribution Of(IEnumerable<TimeSpan> spans)
    {
        TimeSpan[] sorted = [.. spans.Order()];

        return sorted.Length == 0
            ? new Distribution(0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, [])
            : new Distribution(
                sorted.Length, NearestRank.Of(sorted, 0.5), NearestRank.Of(sorted, 0.9), NearestRank.Of(sorted, 0.99), sorted[^1], Draw(sorted));
    }

    public override string ToString() => Count == 0
        ? "none"
        : $"p50 {VerdictFormat.Span(P50)}, p90 {VerdictFormat.Span(P90)}, p99 {VerdictFormat.Span(P99)}, max {VerdictFormat.Span(Max)} of {VerdictFormat.Count(Count)}";

    /// <summary>All bars from the first non-empty one to the last, including empty ones between them.</summary>
    private static IReadOnlyList<DistributionBar> Draw(TimeSpan[] sorted)
    {
        var first = Number(sorted[0]);
        var counts = new int[Number(sorted[^1]) - first + 1];

        foreach (var span in sorted)
            counts[Number(span) - first]++;

        return [.. counts.Select((count, index) => new DistributionBar(Edge(first + index), Edge(first + index + 1), count))];
    }

    private static int Number(TimeSpan span) =>
        span <= Shortest ? 0 : (int)Math.Floor(BarsPerDecade * Math.Log10(span / Shortest) + 1e-9);

    private static TimeSpan Edge(int number) => Shortest * Math.Pow(10, (double)number / BarsPerDecade);
}

/// <param name="From">Included.</param>
/// <param name="To">Not included.</param>
internal sealed record DistributionBar(TimeSpan From, TimeSpan To, int Count);
