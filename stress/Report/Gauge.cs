namespace Supervisor.Stress.Report;

/// <summary>A quantity sampled irregularly, as its highest value in each interval.</summary>
internal sealed class Gauge(TimeGrid grid)
{
    /// <summary>How long a sample stays valid: longer than the gap between PSS samples, the rarest.</summary>
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(30);

    private readonly double?[] _highest = new double?[grid.Count];

    public void Record(TimeSpan at, double value)
    {
        ref var highest = ref _highest[grid.IndexOf(at)];
        highest = highest is { } known ? Math.Max(known, value) : value;
    }

    public IReadOnlyList<double?> Values()
    {
        var values = new double?[grid.Count];
        var validIntervals = Math.Max(1, (int)(Validity / grid.Step));
        var last = int.MinValue / 2;
        for (var index = 0; index < grid.Count; index++)
        {
            if (_highest[index] is not null)
                last = index;
            values[index] = index - last <= validIntervals ? Round(_highest[last]!.Value) : null;
        }

        return values;
    }

    /// <summary>Null only where none of them has a value.</summary>
    public static IReadOnlyList<double?> Sum(IReadOnlyList<IReadOnlyList<double?>> gauges, TimeGrid grid) =>
    [
        .. Enumerable.Range(0, grid.Count)
            .Select(index => gauges.Any(values => values[index] is not null) ? Round(gauges.Sum(values => values[index] ?? 0)) : (double?)null),
    ];

    public static double Round(double value) => Math.Round(value, value < 10 ? 2 : 1);
}
