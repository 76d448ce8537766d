namespace Supervisor.Stress.Invariants.Statistics;

internal sealed record Sample(TimeSpan At, double Value);

/// <summary>
/// How fast something grows, in units per hour, and between which bounds that growth lies (99 %, both sides). Pure.
/// Constraints: samples of a running process are not independent. A collector lets its heap rise and fall, so samples seconds apart
/// are correlated, and a burst of work makes single ones jump: ordinary least squares would give bounds that are far too narrow.
/// Scheme: the series is cut into blocks, and each is represented by the median of its samples: jumps vanish, and so does what is shorter
/// than a block. A line is fitted through the medians. The correlation left in the residuals is measured (first autocorrelation,
/// corrected for its bias in short series) and taken off the number of observations, for the variance and for Student's t alike.
/// Not a bootstrap: it would need the same guess (a block's length), a seed and a thousand fits, to say about the same.
/// </summary>
internal sealed record Slope(double PerHour, double Lower, double Upper, TimeSpan Span, int Samples)
{
    /// <summary>With fewer, nothing can be said about a slope.</summary>
    public const int FewestSamples = 24;

    private const int FewestInBlock = 3;
    private const int MostBlocks = 40;

    /// <summary>Of the normal distribution: 99 % lie between it and its negative.</summary>
    private const double Quantile = 2.5758;

    /// <summary>
    /// With a higher autocorrelation the residuals are a random walk: no line through them means anything, and the bounds become very wide.
    /// </summary>
    private const double MaximumAutocorrelation = 0.95;

    /// <returns>null: too few samples, or no time between them.</returns>
    public static Slope? Of(IReadOnlyList<Sample> series)
    {
        if (series.Count < FewestSamples || series[^1].At <= series[0].At)
            return null;

        var (hours, values) = Blocks(series);
        var (center, mean) = (hours.Average(), values.Average());
        var spread = hours.Sum(hour => (hour - center) * (hour - center));
        var slope = hours.Zip(values, (hour, value) => (hour - center) * (value - mean)).Sum() / spread;
        double[] residuals = [.. hours.Zip(values, (hour, value) => value - mean - (slope * (hour - center)))];

        var autocorrelation = Autocorrelation(residuals);
        var inflation = (1 + autocorrelation) / (1 - autocorrelation);
        var freedom = Math.Max(1, (values.Length / inflation) - 2);
        var variance = residuals.Sum(residual => residual * residual) / (values.Length - 2) * inflation / spread;
        var reach = Student(freedom) * Math.Sqrt(variance);

        return new Slope(slope, slope - reach, slope + reach, series[^1].At - series[0].At, series.Count);
    }

    private static (double[] Hours, double[] Values) Blocks(IReadOnlyList<Sample> series)
    {
        var count = Math.Min(MostBlocks, series.Count / FewestInBlock);
        Sample[][] blocks = [.. Enumerable.Range(0, count).Select(block => Cut(series, block, count))];

        return ([.. blocks.Select(block => block.Average(sample => sample.At.TotalHours))],
            [.. blocks.Select(block => Median(block.Select(sample => sample.Value)))]);
    }

    private static Sample[] Cut(IReadOnlyList<Sample> series, int block, int blocks)
    {
        var from = (int)((long)series.Count * block / blocks);
        var to = (int)((long)series.Count * (block + 1) / blocks);
        return [.. Enumerable.Range(from, to - from).Select(index => series[index])];
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>A fitted line removes some autocorrelation from its residuals, in short series much of it: Kendall's correction restores it.</summary>
    private static double Autocorrelation(double[] residuals)
    {
        var all = residuals.Sum(residual => residual * residual);

        if (all == 0)
            return 0;

        var measured = residuals.Zip(residuals.Skip(1), (one, next) => one * next).Sum() / all;
        return Math.Clamp(measured + ((1 + (4 * measured)) / residuals.Length), 0, MaximumAutocorrelation);
    }

    /// <summary>Student's quantile from the normal one (Cornish and Fisher); below three degrees of freedom it is only wide, which is enough here.</summary>
    private static double Student(double freedom)
    {
        var (z, z3, z5, z7) = (Quantile, Math.Pow(Quantile, 3), Math.Pow(Quantile, 5), Math.Pow(Quantile, 7));

        return z
            + ((z3 + z) / (4 * freedom))
            + (((5 * z5) + (16 * z3) + (3 * z)) / (96 * freedom * freedom))
            + (((3 * z7) + (19 * z5) + (17 * z3) - (15 * z)) / (384 * freedom * freedom * freedom));
    }
}
