using Supervisor.Supervision;

namespace Supervisor.Unit.Supervision;

public sealed class SamplingIntervalSpecs
{
    private const long Cap = 128L << 20;

    [Fact]
    public void Without_a_cap_the_interval_is_the_longest() => SamplingInterval.Next(long.MaxValue, capBytes: null).Should().Be(SamplingInterval.Max);

    [Fact]
    public void Far_from_the_cap_the_interval_is_the_longest() => SamplingInterval.Next(20L << 20, Cap).Should().Be(SamplingInterval.Max);

    [Fact]
    public void At_the_cap_and_above_the_interval_is_the_shortest()
    {
        SamplingInterval.Next(Cap, Cap).Should().Be(SamplingInterval.Min);
        SamplingInterval.Next(2 * Cap, Cap).Should().Be(SamplingInterval.Min);
    }

    [Theory]
    [InlineData(10_000_000)]
    [InlineData(40L << 20)]
    [InlineData(SamplingInterval.MaxLeakRate)]
    public void A_leak_is_sampled_twice_at_its_cap_before_it_exceeds_it_by_a_twentieth(long bytesASecond)
    {
        for (var start = 0L; start < Cap; start += 1 << 20)
        {
            var held = start;

            for (var seen = 0; seen < 2; seen += held >= Cap ? 1 : 0)
                held += (long)(bytesASecond * SamplingInterval.Next(held, Cap).TotalSeconds);

            held.Should().BeLessThan(Cap + (Cap / 20));
        }
    }
}
