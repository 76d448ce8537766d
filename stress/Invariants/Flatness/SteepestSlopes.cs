using Supervisor.Stress.Invariants.Statistics;

namespace Supervisor.Stress.Invariants.Flatness;

/// <summary>The steepest slope of each metric, the one with the highest lower bound, for the line under the verdict.</summary>
internal sealed class SteepestSlopes
{
    private readonly Dictionary<Metric, Slope> _steepest = [];
    private int _countComparisons;

    public void Add(Metric metric, Slope slope)
    {
        if (!_steepest.TryGetValue(metric, out var known) || slope.Lower > known.Lower)
            _steepest[metric] = slope;
    }

    public void AddCountComparison() => _countComparisons++;

    public override string ToString() => _steepest.Count == 0
        ? $"too short for slopes; descriptors and threads compared {VerdictFormat.Count(_countComparisons)} times"
        : "steepest: " + string.Join(", ", _steepest.Select(of => Describe(of.Key, of.Value)));

    private static string Describe(Metric metric, Slope slope) =>
        VerdictFormat.Format($"{metric.Name} {slope.PerHour:+0.00;-0.00;0.00} {metric.Unit}/h ")
        + VerdictFormat.Format($"({slope.Lower:+0.00;-0.00;0.00} to {slope.Upper:+0.00;-0.00;0.00}, {VerdictFormat.Span(slope.Span)})");
}
