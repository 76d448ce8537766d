using Supervisor.Stress.Live;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>The latencies of changes, separately for those that no fault disturbed and those that one did.</summary>
/// <param name="Edges">Edges of the bins, ten per decade; one more than there are bins.</param>
internal sealed record LatencyReport(IReadOnlyList<TimeSpan> Edges, LatencySpread Undisturbed, LatencySpread Disturbed, LatencySpread All)
{
    private const double BinsOfDecade = 10;

    /// <summary>The precision: contents are read every 50 ms.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    public static LatencyReport Of(IEnumerable<ChangeServed> served, IReadOnlyList<FaultRow> faults)
    {
        var (undisturbed, disturbed, all) = (new Latencies(), new Latencies(), new Latencies());
        foreach (var change in served)
        {
            var isDisturbed = faults.Any(fault => fault.Disturbs(change.Service, change.At - change.Latency, change.At));
            (isDisturbed ? disturbed : undisturbed).Add(change.Latency);
            all.Add(change.Latency);
        }

        var bins = 1 + BinOf(all.Longest ?? Shortest);
        return new LatencyReport(
            [.. Enumerable.Range(0, bins + 1).Select(bin => Shortest * Math.Pow(10, bin / BinsOfDecade))],
            Spread(undisturbed, bins), Spread(disturbed, bins), Spread(all, bins));
    }

    private static LatencySpread Spread(Latencies latencies, int bins)
    {
        var counts = new int[bins];
        foreach (var latency in latencies.Sorted)
            counts[BinOf(latency)]++;

        return new LatencySpread(
            latencies.Count, counts, latencies.Quantile(0.5), latencies.Quantile(0.9), latencies.Quantile(0.99), latencies.Longest);
    }

    private static int BinOf(TimeSpan latency) => latency <= Shortest ? 0 : (int)Math.Floor(BinsOfDecade * Math.Log10(latency / Shortest));
}

/// <param name="Bins">The count of each bin.</param>
internal sealed record LatencySpread(int Count, IReadOnlyList<int> Bins, TimeSpan? P50, TimeSpan? P90, TimeSpan? P99, TimeSpan? Longest);
