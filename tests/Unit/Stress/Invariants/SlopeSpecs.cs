using FsCheck;
using FsCheck.Fluent;
using Supervisor.Stress.Invariants.Statistics;

namespace Supervisor.Unit.Stress.Invariants;

public sealed class SlopeSpecs
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    [Fact]
    public void The_slope_of_a_straight_line_is_exact()
    {
        var slope = Slope.Of([.. Enumerable.Range(0, 100).Select(i => new Sample(Period * i, 7 + (3 * (Period * i).TotalHours)))])!;

        slope.PerHour.Should().BeApproximately(3, 1e-9);
        (slope.Upper - slope.Lower).Should().BeApproximately(0, 1e-6);
    }

    [Fact]
    public void Few_samples_or_no_time_between_them_have_no_slope()
    {
        Slope.Of([.. Enumerable.Range(0, Slope.FewestSamples - 1).Select(i => new Sample(Period * i, i))]).Should().BeNull();
        Slope.Of([.. Enumerable.Range(0, 100).Select(i => new Sample(Period, i))]).Should().BeNull();
    }

    [Fact]
    public void A_constant_has_slope_zero_with_tight_bounds()
    {
        var slope = Slope.Of([.. Enumerable.Range(0, 100).Select(i => new Sample(Period * i, 20))])!;

        (slope.Lower, slope.PerHour, slope.Upper).Should().Be((0, 0, 0));
    }

    [Fact]
    public void One_outlier_does_not_change_the_slope()
    {
        Sample[] series = [.. Enumerable.Range(0, 720).Select(i => new Sample(Period * i, i == 700 ? 10_000 : 20 + (i % 7 * 0.1)))];

        Slope.Of(series)!.PerHour.Should().BeApproximately(0, 0.05);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.98)]
    public void The_bounds_contain_the_true_slope_as_often_as_promised_at_any_autocorrelation(double alike)
    {
        const int Runs = 400;
        var missed = Enumerable.Range(0, Runs).Count(seed =>
            Slope.Of(Noise(seed, 720, alike, truth: 1.5))! is var slope && (slope.Lower > 1.5 || slope.Upper < 1.5));

        // 1 % is promised: 4 of 400; 12 is beyond four deviations.
        missed.Should().BeLessThanOrEqualTo(12);
    }

    [Fact]
    public void Shifting_the_values_changes_nothing_and_scaling_them_scales_the_slope() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Seeds().ToArbitrary(), seed =>
        {
            var series = Noise(seed, 200, alike: 0.7, truth: seed % 5);
            var slope = Slope.Of(series)!;
            var other = Slope.Of([.. series.Select(sample => new Sample(sample.At + TimeSpan.FromHours(3), 100 + (sample.Value * 4)))])!;

            return Near(other.PerHour, 4 * slope.PerHour) && Near(other.Lower, 4 * slope.Lower) && Near(other.Upper, 4 * slope.Upper);
        }));

    /// <summary>Autoregressive noise with a deviation of one unit around a line.</summary>
    internal static Sample[] Noise(int seed, int samples, double alike, double truth)
    {
        var random = new Random(seed);
        var (series, noise) = (new Sample[samples], Normal(random));

        for (var i = 0; i < samples; i++)
        {
            noise = (alike * noise) + (Math.Sqrt(1 - (alike * alike)) * Normal(random));
            series[i] = new Sample(Period * i, 30 + noise + (truth * (Period * i).TotalHours));
        }

        return series;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static bool Near(double one, double other) => Math.Abs(one - other) < 1e-6 * (1 + Math.Abs(other));

    private static Gen<int> Seeds() => Gen.Choose(0, int.MaxValue - 1);
}
