using FsCheck;
using FsCheck.Fluent;
using Supervisor.Supervision;

namespace Supervisor.Unit.Supervision;

public sealed class BackoffSpecs
{
    private const double Middle = 0.5;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 500)]
    [InlineData(2, 1_000)]
    [InlineData(3, 2_000)]
    [InlineData(6, 16_000)]
    [InlineData(7, 30_000)]
    [InlineData(8, 30_000)]
    [InlineData(int.MaxValue, 30_000)]
    public void The_delay_doubles_up_to_its_cap(int failures, double milliseconds) =>
        BackoffRule.Default.DelayAfter(failures, Middle).Should().Be(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData(0.0, 375)]
    [InlineData(0.999999, 625)]
    public void Jitter_changes_the_delay_by_up_to_a_quarter(double random, double milliseconds) =>
        BackoffRule.Default.DelayAfter(1, random).TotalMilliseconds.Should().BeApproximately(milliseconds, 0.01);

    [Fact]
    public void A_delay_stays_within_its_bounds_and_grows_with_the_failures() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Rules().ToArbitrary(), asked =>
        {
            var (rule, failures, random) = asked;
            var delay = rule.DelayAfter(failures, random);
            var raw = rule.DelayAfter(failures, Middle);

            return delay >= raw * 0.749 && delay <= raw * 1.251
                && delay >= rule.Initial * 0.499 && delay <= rule.Max * 1.251
                && rule.DelayAfter(failures + 1, Middle) >= raw;
        }));

    [Fact]
    public void A_delay_of_zero_stays_zero() =>
        new BackoffRule(TimeSpan.Zero, TimeSpan.FromSeconds(30)).DelayAfter(9, Middle).Should().Be(TimeSpan.Zero);

    private static Gen<(BackoffRule Rule, int Failures, double Random)> Rules() =>
        from initial in Gen.Choose(1, 5_000)
        from factor in Gen.Choose(1, 200)
        from failures in Gen.Choose(1, 60)
        from random in Gen.Choose(0, 999)
        select (new BackoffRule(TimeSpan.FromMilliseconds(initial), TimeSpan.FromMilliseconds((long)initial * factor)), failures, random / 1_000.0);
}
