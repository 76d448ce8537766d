using Supervisor.Supervision;
using Supervisor.Wire;

namespace Supervisor.Unit.Wire;

/// <summary>When periodic work is due.</summary>
public sealed class CommonMomentsSpecs
{
    private static readonly TimeSpan Period = HeartbeatRule.Interval;

    [Theory]
    [InlineData(10, 2)]
    [InlineData(10.5, 1.5)]
    [InlineData(11.9, 0.1)]
    [InlineData(11.99, 2.01)]
    public void Heartbeats_fall_on_even_seconds_and_a_timer_that_fires_early_does_not_send_two(double now, double left) =>
        UntilNext(now).Should().BeCloseTo(TimeSpan.FromSeconds(left), TimeSpan.FromMilliseconds(1));

    [Fact]
    public void The_longest_pause_between_two_heartbeats_is_far_from_suspect() =>
        Enumerable.Range(0, 4_000).Max(millisecond => UntilNext(millisecond / 1000.0))
            .Should().BeLessThanOrEqualTo(Period + CommonMoments.TimerTolerance).And.BeLessThan(HeartbeatRule.SuspectAfter / 2);

    private static TimeSpan UntilNext(double now)
    {
        var time = new VirtualTime();
        time.Advance(TimeSpan.FromSeconds(now) - time.GetElapsedTime(0));
        return CommonMoments.UntilNext(Period, time);
    }
}
