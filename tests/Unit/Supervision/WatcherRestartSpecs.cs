using Supervisor.Supervision;

namespace Supervisor.Unit.Supervision;

public sealed class WatcherRestartSpecs
{
    [Fact]
    public void The_first_restart_is_immediate_then_it_backs_off_and_after_five_failures_it_is_degraded()
    {
        var history = RestartHistory.Empty;
        var degraded = false;
        var delays = new List<double>();
        for (var second = 1; second <= 6; second++)
        {
            history = history.WithFailure(At(second));
            var decision = Decide(history, degraded, second);
            degraded = decision.Degraded;
            delays.Add(decision.Delay.TotalMilliseconds);
        }

        delays.Should().Equal(0, 100, 200, 400, 60_000, 60_000);
        degraded.Should().BeTrue();
    }

    [Fact]
    public void Failures_that_are_far_apart_do_not_degrade_it()
    {
        var history = RestartHistory.Empty;
        for (var minute = 0; minute < 100; minute++)
        {
            history = history.AfterStableRun().WithFailure(At(60 * minute));
            Decide(history, degraded: false, 60 * minute).Should().Be(new WatcherRestartDecision(TimeSpan.Zero, Degraded: false));
        }
    }

    [Fact]
    public void A_degraded_watcher_that_fails_after_a_stable_run_restarts_at_once_and_degraded() =>
        Decide(RestartHistory.Empty.WithFailure(At(500)), degraded: true, 500)
            .Should().Be(new WatcherRestartDecision(TimeSpan.Zero, Degraded: true));

    private static WatcherRestartDecision Decide(RestartHistory history, bool degraded, double now) =>
        WatcherRestart.Decide(history, WatcherRestart.DefaultBackoff, degraded, At(now), random01: 0.5);

    private static TimeSpan At(double second) => TimeSpan.FromSeconds(second);
}
