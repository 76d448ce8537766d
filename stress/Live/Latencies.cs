using Supervisor.Stress.Invariants.Statistics;

namespace Supervisor.Stress.Live;

/// <summary>Sorted durations, for quantiles at any time. One per change and service: a night has some ten thousand.</summary>
internal sealed class Latencies
{
    private readonly List<TimeSpan> _sorted = [];

    public int Count => _sorted.Count;

    public TimeSpan? Longest => _sorted.Count == 0 ? null : _sorted[^1];

    public IReadOnlyList<TimeSpan> Sorted => _sorted;

    public void Add(TimeSpan latency)
    {
        var place = _sorted.BinarySearch(latency);
        _sorted.Insert(place < 0 ? ~place : place, latency);
    }

    /// <summary>The smallest latency that the given share of all of them does not exceed; null without any.</summary>
    public TimeSpan? Quantile(double share) =>
        _sorted.Count == 0 ? null : NearestRank.Of(_sorted, share);
}
