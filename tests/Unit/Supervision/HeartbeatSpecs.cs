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
        LookUntil(HeartbeatRule.Started(At(0)).Beat(At(0)), silence).Should().Be(verdict);

    [Theory]
    [InlineData(19.9, HeartbeatVerdict.Alive)]
    [InlineData(20.0, HeartbeatVerdict.Hung)]
    public void A_child_that_has_not_said_hello_has_twenty_seconds(double silence, HeartbeatVerdict verdict) =>
        LookUntil(HeartbeatRule.Started(At(0)), silence).Should().Be(verdict);

    [Fact]
    public void A_sign_of_life_clears_the_suspicion()
    {
        var rule = HeartbeatRule.Started(At(0)).Beat(At(0));
        LookUntil(rule, 9).Should().Be(HeartbeatVerdict.Suspect);

        (rule with { LookedAt = At(9) }).Beat(At(9.5)).Look(At(10)).Verdict.Should().Be(HeartbeatVerdict.Alive);
    }

    [Fact]
    public void Who_looks_after_a_minute_was_asleep_itself_and_gives_the_whole_time_again()
    {
        var rule = HeartbeatRule.Started(At(0)).Beat(At(0));

        var (verdict, next) = rule.Look(At(60));

        verdict.Should().Be(HeartbeatVerdict.Alive);
        LookUntil(next, 65.9).Should().Be(HeartbeatVerdict.Alive);
        LookUntil(next, 70).Should().Be(HeartbeatVerdict.Hung);
    }

    [Fact]
    public void After_a_suspend_everybody_starts_anew() =>
        LookUntil(HeartbeatRule.Started(At(0)).Beat(At(0)).Resumed(At(5)), 10.9).Should().Be(HeartbeatVerdict.Alive);

    // Looked at as often as the rule wants it.
    private static HeartbeatVerdict LookUntil(HeartbeatRule rule, double end)
    {
        for (var now = rule.LookedAt + HeartbeatRule.LookEvery; now < At(end); now += HeartbeatRule.LookEvery)
            rule = rule.Look(now).Next;
        return rule.Look(At(end)).Verdict;
    }

    private static TimeSpan At(double second) => TimeSpan.FromSeconds(second);
}
