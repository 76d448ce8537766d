using Supervisor.Supervision;

namespace Supervisor.Unit.Supervision;

public sealed class HeartbeatSpecs
{
    [Theory]
    [InlineData(5.9, HeartbeatVerdict.Alive)]
    [InlineData(6.0, HeartbeatVerdict.Suspect)]
    [InlineData(9.9, HeartbeatVerdict.Suspect)]
    [InlineData(10.0, HeartbeatVerdict.Hung)]
    public void Silence_is_suspect_after_six_seconds_and_hung_after_ten(double silence, HeartbeatVerdict verdict) =>
        CheckUntil(HeartbeatRule.Started(At(0)).Beat(At(0)), silence).Should().Be(verdict);

    [Theory]
    [InlineData(19.9, HeartbeatVerdict.Alive)]
    [InlineData(20.0, HeartbeatVerdict.Hung)]
    public void A_child_that_has_not_said_hello_has_twenty_seconds(double silence, HeartbeatVerdict verdict) =>
        CheckUntil(HeartbeatRule.Started(At(0)), silence).Should().Be(verdict);

    [Fact]
    public void A_heartbeat_clears_the_suspicion()
    {
        var rule = HeartbeatRule.Started(At(0)).Beat(At(0));
        CheckUntil(rule, 9).Should().Be(HeartbeatVerdict.Suspect);

        (rule with { CheckedAt = At(9) }).Beat(At(9.5)).Check(At(10)).Verdict.Should().Be(HeartbeatVerdict.Alive);
    }

    [Fact]
    public void A_check_that_is_a_minute_late_restarts_the_timeouts()
    {
        var rule = HeartbeatRule.Started(At(0)).Beat(At(0));

        var (verdict, next) = rule.Check(At(60));

        verdict.Should().Be(HeartbeatVerdict.Alive);
        CheckUntil(next, 65.9).Should().Be(HeartbeatVerdict.Alive);
        CheckUntil(next, 70).Should().Be(HeartbeatVerdict.Hung);
    }

    [Fact]
    public void A_suspend_restarts_the_timeouts() =>
        CheckUntil(HeartbeatRule.Started(At(0)).Beat(At(0)).Resumed(At(5)), 10.9).Should().Be(HeartbeatVerdict.Alive);

    // Checks as often as the rule requires.
    private static HeartbeatVerdict CheckUntil(HeartbeatRule rule, double end)
    {
        for (var now = rule.CheckedAt + HeartbeatRule.CheckInterval; now < At(end); now += HeartbeatRule.CheckInterval)
            rule = rule.Check(now).Next;
        return rule.Check(At(end)).Verdict;
    }

    private static TimeSpan At(double second) => TimeSpan.FromSeconds(second);
}
