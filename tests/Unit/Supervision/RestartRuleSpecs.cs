using FsCheck;
using FsCheck.Fluent;
using Supervisor.Supervision;

namespace Supervisor.Unit.Supervision;

public sealed class RestartRuleSpecs
{
    private const double Middle = 0.5;

    [Fact]
    public void An_exit_with_success_completes_a_server_that_is_restarted_on_failure() =>
        Decide(RestartMode.OnFailure, success: true, RestartHistory.Empty, At(0)).Should().Be(new RestartDecision.StayDown(Completed: true));

    [Fact]
    public void A_server_that_is_never_restarted_stays_down_after_a_failure() =>
        Decide(RestartMode.Never, success: false, Failures(1), At(1)).Should().Be(new RestartDecision.StayDown(Completed: false));

    [Fact]
    public void A_server_that_is_always_restarted_waits_after_an_exit_with_success() =>
        Decide(RestartMode.Always, success: true, RestartHistory.Empty, At(0)).Should().Be(new RestartDecision.RestartAfter(TimeSpan.FromMilliseconds(500)));

    [Fact]
    public void Five_quick_failures_have_four_delays_and_end_in_a_crash_loop()
    {
        var history = RestartHistory.Empty;
        var decisions = new List<RestartDecision>();
        for (var second = 1; second <= 5; second++)
        {
            history = history.WithFailure(At(second));
            decisions.Add(Decide(RestartMode.OnFailure, success: false, history, At(second)));
        }

        decisions[..4].Should().Equal(new[] { 500, 1_000, 2_000, 4_000 }.Select(delay => new RestartDecision.RestartAfter(TimeSpan.FromMilliseconds(delay))));
        decisions[4].Should().Be(new RestartDecision.GiveUp("failed 5 times within 60 s"));
    }

    [Theory]
    [InlineData(59.9, true)]
    [InlineData(60.0, false)]
    [InlineData(60.1, false)]
    public void The_fifth_failure_counts_only_within_a_minute_of_the_first(double fifth, bool crashLoop)
    {
        var history = new[] { 0, 15, 30, 45, fifth }.Aggregate(RestartHistory.Empty, (so, second) => so.WithFailure(At(second)));

        history.IsCrashLoop(CrashLoopRule.Default, At(fifth)).Should().Be(crashLoop);
    }

    [Theory]
    [InlineData(29.9, 4)]
    [InlineData(30.1, 1)]
    public void Only_a_run_of_thirty_seconds_resets_the_backoff(double ready, int consecutive)
    {
        var history = Failures(3);
        var afterRun = TimeSpan.FromSeconds(ready) >= RestartHistory.StableAfter ? history.AfterStableRun() : history;

        afterRun.WithFailure(At(40)).Consecutive.Should().Be(consecutive);
        afterRun.WithFailure(At(40)).Recent.Should().HaveCount(4, "the windows still count them");
    }

    [Fact]
    public void Failures_just_after_each_reset_are_caught_by_the_second_window()
    {
        var history = RestartHistory.Empty;
        RestartDecision decision = new RestartDecision.StayDown(Completed: false);
        for (var failure = 0; failure < 10; failure++)
        {
            history = history.AfterStableRun().WithFailure(At(failure * 35));
            decision = Decide(RestartMode.Always, success: false, history, At(failure * 35));
            if (failure < 9)
                decision.Should().BeOfType<RestartDecision.RestartAfter>();
        }

        decision.Should().Be(new RestartDecision.GiveUp("failed 10 times within 10 min"));
    }

    [Fact]
    public void A_failure_in_the_probation_run_is_a_crash_loop()
    {
        var history = Failures(5).Probation();

        history.WithFailure(At(5_000)).IsCrashLoop(CrashLoopRule.Default, At(5_000)).Should().BeTrue();
        Decide(RestartMode.OnFailure, success: false, history.WithFailure(At(5_000)), At(5_000))
            .Should().Be(new RestartDecision.GiveUp("failed again in its probation run"));
        history.AfterStableRun().Should().Be(RestartHistory.Empty);
    }

    [Fact]
    public void A_history_can_be_stored_and_restored()
    {
        var history = Failures(3).Probation();

        RestartHistory.Restore(history.Recent, history.Consecutive, history.OnProbation).Should().Be(history);
    }

    [Fact]
    public void Time_ends_a_crash_loop_condition_and_further_failures_do_not() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, 120).ListOf().ToArbitrary(), gaps =>
        {
            var now = TimeSpan.Zero;
            var history = RestartHistory.Empty;
            foreach (var gap in gaps)
            {
                now += TimeSpan.FromSeconds(gap);
                history = history.WithFailure(now);
            }

            var later = now + TimeSpan.FromHours(1);
            var isNow = history.IsCrashLoop(CrashLoopRule.Default, now);
            return !history.IsCrashLoop(CrashLoopRule.Default, later)
                && (!isNow || history.WithFailure(now).IsCrashLoop(CrashLoopRule.Default, now))
                && history.Consecutive == gaps.Count && history.Recent.Count == Math.Min(gaps.Count, RestartHistory.MaxFailures);
        }));

    private static RestartDecision Decide(RestartMode mode, bool success, RestartHistory history, TimeSpan now) =>
        RestartRule.Decide(mode, success, history, BackoffRule.Default, CrashLoopRule.Default, now, Middle);

    private static RestartHistory Failures(int count) =>
        Enumerable.Range(1, count).Aggregate(RestartHistory.Empty, (so, second) => so.WithFailure(At(second)));

    private static TimeSpan At(double second) => TimeSpan.FromSeconds(second);
}
