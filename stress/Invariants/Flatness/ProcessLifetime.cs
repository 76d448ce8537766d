using Supervisor.Stress.Invariants.Statistics;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Flatness;

/// <summary>The samples of one process over time. A night at five seconds is 6,000 samples: all are kept.</summary>
internal sealed class ProcessLifetime
{
    /// <summary>A shorter lifetime is still warming up, as far as memory is concerned.</summary>
    private static readonly TimeSpan ShortestForSlopes = TimeSpan.FromMinutes(10);

    /// <summary>The number of samples whose median stands for the whole lifetime.</summary>
    private const int Settled = 6;

    /// <summary>The first and the last third must each have a median.</summary>
    private const int FewestForCounts = 9;

    /// <summary>Allowed growth between the beginning and the end of a short lifetime; normal variation is two or three.</summary>
    private const double GrowthAllowedInShortLifetime = 8;

    private readonly Dictionary<Metric, List<Sample>> _series = Metric.All.ToDictionary(metric => metric, _ => new List<Sample>());

    public void Add(ProcessSampled sample)
    {
        foreach (var (metric, series) in _series)
        {
            if (metric.Of(sample) is { } value)
                series.Add(new Sample(sample.At, value));
        }
    }

    public void AddSettled(ProcessLifetime lifetime)
    {
        foreach (var (metric, series) in lifetime._series.Where(of => of.Value.Count >= Settled))
            _series[metric].Add(new Sample(series[0].At, Slope.Median(series.Take(Settled).Select(sample => sample.Value))));
    }

    public void CheckSlopes(string who, CheckCounter checks, SteepestSlopes figures)
    {
        foreach (var (metric, series) in _series)
        {
            List<Slope> slopes = [.. TailSeries(series).Select(Slope.Of).OfType<Slope>()];
            if (slopes.Count == 0)
                continue;

            var worst = slopes.MaxBy(slope => slope.Lower - metric.Allowed(slope.Span))!;
            figures.Add(metric, slopes[0]);
            checks.Check(worst.Lower <= metric.Allowed(worst.Span), series[^1].At, () => VerdictFormat.Format(
                $"{who} grew by {worst.PerHour:0.##} {metric.Unit} of {metric.Name} an hour in its last {VerdictFormat.Span(worst.Span)}, ")
                + VerdictFormat.Format($"at least {worst.Lower:0.##}; {metric.Allowed(worst.Span):0.##} are allowed"));
        }
    }

    /// <summary>
    /// The whole series, its second half, the second half of that: a leak that begins late bends the whole series too much for a confident fit, but is
    /// straight in one of the parts.
    /// </summary>
    private static IEnumerable<List<Sample>> TailSeries(List<Sample> series)
    {
        while (series.Count > 0 && series[^1].At - series[0].At >= ShortestForSlopes)
        {
            yield return series;
            series = [.. series.Skip(series.Count / 2)];
        }
    }

    public void CheckCounts(string who, CheckCounter checks, SteepestSlopes figures)
    {
        foreach (var (metric, series) in _series.Where(of => of.Key.IsCount && of.Value.Count >= FewestForCounts))
        {
            var third = series.Count / 3;
            var begin = Slope.Median(series.Take(third).Select(sample => sample.Value));
            var end = Slope.Median(series.TakeLast(third).Select(sample => sample.Value));
            var length = series[^1].At - series[0].At;
            var allowed = Math.Max(GrowthAllowedInShortLifetime, metric.Allowed(length) * length.TotalHours);

            figures.AddCountComparison();
            checks.Check(end - begin <= allowed, series[^1].At, () => VerdictFormat.Format(
                $"{who} went from {begin:0} to {end:0} {metric.Name} in {VerdictFormat.Span(length)}; {allowed:0} more are allowed"));
        }
    }
}
