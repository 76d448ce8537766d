using Supervisor.Host.Probing;
using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>The checks of a server that serves, and what their failure does.</summary>
public sealed class HealthSpecs
{
    private static readonly ServiceSpec Telling = TestServices.Web.WithProbe().WithHealth();
    private static readonly ServiceSpec Restarting = TestServices.Web.WithProbe().WithHealth(HealthAction.Restart);

    [Fact]
    public void A_server_that_fails_its_checks_is_unhealthy_and_keeps_running()
    {
        var driver = HostDriver.Serving(Telling).Later(30);
        driver.On(new HostEvent.HealthFailed(1, "status 503", driver.Now));

        driver.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Unhealthy && status.Pid == 100 && status.Reason == "status 503");
        driver.Ledger.Should().EndWith("unhealthy");
        driver.Effects.Should().NotContain(effect => effect is Effect.Drain);
    }

    [Fact]
    public void One_check_that_passes_makes_it_ready_again_and_the_ledger_says_how_long_it_was_not()
    {
        var driver = HostDriver.Serving(Telling).Later(30);
        driver.On(new HostEvent.HealthFailed(1, "status 503", driver.Now)).Later(12).On(new HostEvent.HealthPassed(1));

        driver.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Ready && status.Reason == null && status.Restarts == 0);
        driver.Effects.OfType<Effect.WriteLedger>().Should().ContainSingle()
            .Which.Entry.Should().Match<LedgerEntry>(entry => entry.Event == "healthy" && entry.Cause == "health" && entry.DowntimeMs == 12_000);
    }

    [Fact]
    public void Without_a_readiness_probe_it_is_running_again()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithHealth());

        driver.On(new HostEvent.HealthFailed(1, "no", driver.Now)).On(new HostEvent.HealthPassed(1)).Status.State.Should().Be(ServicePhase.Running);
    }

    [Fact]
    public void A_restart_for_health_waits_like_one_after_a_crash_and_names_its_cause()
    {
        var driver = HostDriver.Serving(Restarting);
        driver.On(new HostEvent.HealthFailed(1, "status 503", driver.Now)).Effects.Should().Contain(new Effect.Drain(1));

        driver.Dies(code: 0).Status.Should().Match<ServiceStatus>(
            status => status.State == ServicePhase.Backoff && status.Reason!.StartsWith("failed 3 health checks in a row (status 503); next start 500 ms"));
        driver.AllEffects.OfType<Effect.WriteLedger>().Last().Entry.Cause.Should().Be("health");
        driver.After(0.5).Spawned().Ready().Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Ready && status.Restarts == 1);
    }

    [Fact]
    public void A_server_that_never_stays_healthy_is_in_a_crash_loop_although_its_checks_take_a_minute()
    {
        var driver = HostDriver.Serving(Restarting);

        for (var failures = 0; driver.State is not HostState.CrashLoop && failures < 20; failures++)
        {
            var since = driver.Later(1).Now;
            driver.Later(40).On(new HostEvent.HealthFailed(driver.Record.Generation, "no", since)).Dies(code: 0);

            if (driver.State is HostState.BackingOff(var until, _))
                driver.After(until - driver.Now).Spawned().Ready();
        }

        driver.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.CrashLoop && status.Reason!.Contains("health checks"));
    }

    [Fact]
    public void A_server_that_was_healthy_for_long_begins_anew_with_the_first_pause()
    {
        var driver = HostDriver.Serving(Restarting);
        driver.On(new HostEvent.HealthFailed(1, "no", driver.Now)).Dies(code: 0).After(0.5).Spawned().Ready();

        driver.Later(31).On(new HostEvent.HealthFailed(2, "no", driver.Now)).Dies(code: 0);

        driver.Status.Reason.Should().Contain("next start 500 ms");
    }

    [Fact]
    public void A_verdict_about_an_earlier_server_changes_nothing()
    {
        var driver = HostDriver.Serving(Restarting).Dies().After(0.5).Spawned().Ready();
        var before = driver.Snapshot;

        driver.On(new HostEvent.HealthFailed(1, "no", driver.Now)).Snapshot.Should().Be(before);
    }

    [Fact]
    public void What_a_server_says_of_itself_is_shown_until_it_takes_it_back_or_ends()
    {
        var driver = HostDriver.Serving(Telling).On(new HostEvent.StatusTold(1, "12 workers"));
        driver.Status.StatusText.Should().Be("12 workers");
        driver.On(new HostEvent.StatusTold(1, "")).Status.StatusText.Should().BeNull();
        driver.On(new HostEvent.StatusTold(1, "again")).On(new HostEvent.StatusTold(0, "late")).Status.StatusText.Should().Be("again");
        driver.Dies().Status.StatusText.Should().BeNull();
        driver.After(0.5).Spawned().Status.StatusText.Should().BeNull();
    }

    [Theory]
    [InlineData("READY=1", true, null, false)]
    [InlineData("READY=1\nSTATUS= 3 of 5 \nMAINPID=4\n", true, "3 of 5", false)]
    [InlineData("STATUS=", false, "", false)]
    [InlineData("RELOADING=1\nREADY=10\nSTOPPING=1\nWATCHDOG=1", false, null, true)]
    [InlineData("WATCHDOG=trigger", false, null, false)]
    public void A_message_is_a_list_of_assignments(string text, bool isReady, string? status, bool isAlive) =>
        NotifyMessage.Parse(text).Should().Be(new NotifyMessage(isReady, status, isAlive));

    [Fact]
    public async Task Only_failures_in_a_row_count_and_each_verdict_is_told_once()
    {
        var checks = new Checks(failing: [false, true, true, false, true, true, true, true, false, false]);

        await checks.RunAsync();

        checks.Told.Should().Equal("failed no since 50", "passed");
    }

    [Fact]
    public async Task A_server_that_is_held_is_not_asked_and_what_failed_before_is_forgotten()
    {
        var checks = new Checks(failing: [true, true, null, null, true, true, false]);

        await checks.RunAsync();

        checks.Told.Should().BeEmpty();
        checks.Asked.Should().Be(5);
    }

    [Fact]
    public async Task An_unhealthy_server_that_is_held_stays_unhealthy()
    {
        var checks = new Checks(failing: [true, true, true, null, null]);

        await checks.RunAsync();

        checks.Told.Should().Equal("failed no since 10");
    }

    [Fact]
    public async Task An_unhealthy_server_is_healthy_again_after_as_many_successes_in_a_row()
    {
        var checks = new Checks(failing: [true, true, true, false, true, false, null, false], spec => spec with { Successes = 2 });

        await checks.RunAsync();

        checks.Told.Should().Equal("failed no since 10", "passed");
    }

    [Fact]
    public async Task The_first_check_comes_after_the_delay_and_the_others_at_the_interval()
    {
        var checks = new Checks(failing: [false, true, true, true], spec => spec with { Delay = TimeSpan.FromSeconds(20) });

        await checks.RunAsync();

        checks.Asked.Should().Be(3);
        checks.Told.Should().Equal("failed no since 20");
    }

    /// <summary>A server whose checks end as scripted; null: it is held.</summary>
    private sealed class Checks(IReadOnlyList<bool?> failing, Func<HealthSpec, HealthSpec>? with = null) : IProbe
    {
        private static readonly HealthSpec Spec = Telling.Health! with { Probe = new ReadySpec.Tcp("127.0.0.1", 8000, Timeout.InfiniteTimeSpan) };

        private readonly VirtualTime _time = new();

        public List<string> Told { get; } = [];

        public int Asked { get; private set; }

        public TimeSpan AttemptTimeout => Timeout.InfiniteTimeSpan;

        public Task<string?> AttemptAsync(CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(Present == true ? "no" : null);
        }

        public async Task RunAsync()
        {
            using var stopping = new CancellationTokenSource();
            var prober = new HealthProber(
                with?.Invoke(Spec) ?? Spec, this, () => Present is null, (reason, since) => Tell($"failed {reason} since {since.TotalSeconds:0}"), () => Tell("passed"), _time);
            var checking = prober.RunAsync(stopping.Token);

            foreach (var _ in failing)
            {
                await _time.ArmedAsync();
                _time.Advance(Spec.Interval);
            }

            await _time.ArmedAsync();
            await stopping.CancelAsync();
            await checking;
        }

        private bool? Present => failing[Math.Min(failing.Count, (int)(_time.Elapsed / Spec.Interval)) - 1];

        private Task Tell(string what)
        {
            Told.Add(what);
            return Task.CompletedTask;
        }
    }
}
