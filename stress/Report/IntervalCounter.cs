namespace Supervisor.Stress.Report;

/// <summary>Counts events in each interval.</summary>
internal sealed class IntervalCounter(TimeGrid grid)
{
    private readonly double?[] _counts = [.. Enumerable.Repeat<double?>(0, grid.Count)];

    public IReadOnlyList<double?> Values => _counts;

    public void Add(TimeSpan at, int count = 1) => _counts[grid.IndexOf(at)] += count;
}
