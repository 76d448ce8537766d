using Supervisor.Supervision;

namespace Supervisor.Unit.Supervision;

public sealed class SamplingPaceSpecs
{
    private const long Cap = 128L << 20;

    [Fact]
    public void Without_a_cap_there_is_no_hurry() => SamplingPace.Next(long.MaxValue, capBytes: null).Should().Be(SamplingPace.Slowest);

    [Fact]
    public void Far_from_the_cap_there_is_no_hurry() => SamplingPace.Next(20L << 20, Cap).Should().Be(SamplingPace.Slowest);

    [Fact]
    public void At_the_cap_and_beyond_it_is_as_quick_as_it_gets()
    {
        SamplingPace.Next(Cap, Cap).Should().Be(SamplingPace.Fastest);
        SamplingPace.Next(2 * Cap, Cap).Should().Be(SamplingPace.Fastest);
    }

    [Theory]
    [InlineData(10_000_000)]
    [InlineData(40L << 20)]
    [InlineData(SamplingPace.FastestLeak)]
    public void A_leak_has_been_seen_twice_at_its_cap_before_it_is_a_twentieth_beyond(long bytesASecond)
    {
        for (var start = 0L; start < Cap; start += 1 << 20)
        {
            var held = start;

            for (var seen = 0; seen < 2; seen += held >= Cap ? 1 : 0)
                held += (long)(bytesASecond * SamplingPace.Next(held, Cap).TotalSeconds);

            held.Should().BeLessThan(Cap + (Cap / 20));
        }
    }
}
