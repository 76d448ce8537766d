using FsCheck;
using FsCheck.Fluent;
using Supervisor.Stress.Invariants.Statistics;

namespace Supervisor.Unit.Stress.Invariants;

public sealed class DistributionSpecs
{
    [Fact]
    public void Quantiles_are_values_that_were_measured()
    {
        var hundred = Distribution.Of(Enumerable.Range(1, 100).Reverse().Select(i => TimeSpan.FromMilliseconds(i)));

        (hundred.P50, hundred.P90, hundred.P99, hundred.Max).Should().Be((Ms(50), Ms(90), Ms(99), Ms(100)));
        hundred.ToString().Should().Be("p50 50 ms, p90 90 ms, p99 99 ms, max 100 ms of 100");
    }

    [Fact]
    public void Without_measurements_there_are_no_quantiles()
    {
        Distribution.Of([]).Bars.Should().BeEmpty();
        Distribution.Of([]).ToString().Should().Be("none");
    }

    [Fact]
    public void Every_value_is_in_the_one_bar_that_spans_it() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Spans().ToArbitrary(), spans =>
        {
            var distribution = Distribution.Of(spans);
            var bars = distribution.Bars;

            return bars.Sum(bar => bar.Count) == spans.Length
                && bars.Zip(bars.Skip(1)).All(pair => pair.First.To == pair.Second.From)
                && bars.Skip(1).All(bar => bar.Count == spans.Count(span => span >= bar.From && span < bar.To))
                && distribution.P50 <= distribution.P90 && distribution.P90 <= distribution.P99 && distribution.P99 <= distribution.Max;
        }));

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static Gen<TimeSpan[]> Spans() => Gen.Choose(0, 90_000).Select(ms => TimeSpan.FromMilliseconds(ms + 0.37))
        .NonEmptyListOf().Select(spans => spans.ToArray());

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 2)]
    [InlineData(0.99, 4)]
    public void A_quantile_is_a_value_that_occurred(double share, int expected) =>
        NearestRank.Of([.. Enumerable.Range(1, 4).Select(seconds => TimeSpan.FromSeconds(seconds))], share).Should().Be(TimeSpan.FromSeconds(expected));
}
