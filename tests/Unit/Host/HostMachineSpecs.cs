using Supervisor.Processes;
using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>Starts, stops and recovery as the host decides them, without processes.</summary>
public sealed class HostMachineSpecs
{
    private static readonly PortHolder Stranger = new(8000, 4711, "python3 other.py", "ann", VirtualTime.Noon);

    [Fact]
    public void A_server_without_a_probe_runs_once_it_is_spawned() =>
        HostDriver.Serving(TestServices.Web).Status.State.Should().Be(ServicePhase.Running);

    [Fact]
    public void A_server_with_a_probe_is_ready_when_the_probe_succeeds()
    {
        var driver = new HostDriver(TestServices.Web.WithProbe()).Start().Spawned();
        driver.Status.State.Should().Be(ServicePhase.Starting);

        driver.Ready().Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Ready && status.ReadyAt != null);
    }

    [Fact]
    public void A_server_that_exits_with_success_is_completed_and_not_restarted()
    {
        var driver = HostDriver.Serving(TestServices.Web).Dies(code: 0);

        driver.Status.State.Should().Be(ServicePhase.Completed);
        driver.After(3600).Effects.Should().BeEmpty();
    }

    [Fact]
    public void Five_crashes_within_a_minute_have_growing_delays_and_end_in_a_crash_loop()
    {
        var driver = HostDriver.Serving(TestServices.Web.Restarting(RestartPolicy.Always));
        var delays = new List<double>();

        for (var crash = 1; crash <= 4; crash++)
        {
            driver.Later(0.05).Dies();
            var until = driver.State.Should().BeOfType<HostState.BackingOff>().Subject.Until;
            delays.Add((until - driver.Now).TotalSeconds);
            driver.After(until - driver.Now).Spawned();
        }

        delays.Should().Equal(0.5, 1, 2, 4);
        driver.Later(0.05).Dies().Status.State.Should().Be(ServicePhase.CrashLoop);
        driver.AllEffects.OfType<Effect.Start>().Should().HaveCount(5);
        driver.After(86_400).Status.State.Should().Be(ServicePhase.CrashLoop, "a crash loop never ends by time");
    }

    [Theory]
    [InlineData(29.9, 1.0)]
    [InlineData(30.1, 0.5)]
    public void Thirty_seconds_of_serving_reset_the_backoff(double served, double nextDelay)
    {
        var driver = HostDriver.Serving(TestServices.Web.WithProbe()).Dies().After(0.5).Spawned().Ready().Later(served).Dies();

        (driver.State.Should().BeOfType<HostState.BackingOff>().Subject.Until - driver.Now).TotalSeconds.Should().BeApproximately(nextDelay, 1e-6);
    }

    [Fact]
    public void The_delay_counts_from_the_exit_of_the_main_process()
    {
        var driver = HostDriver.Serving(TestServices.Web).Later(10);
        var exitedAt = driver.Now;

        driver.Later(0.3).Dies(with: exit => exit with { At = exitedAt });

        driver.State.Should().BeOfType<HostState.BackingOff>().Subject.Until.Should().Be(exitedAt + TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public void A_manual_start_ends_a_crash_loop_and_clears_the_history()
    {
        var driver = CrashLooping(TestServices.Web).Start().Spawned();

        driver.Record.History.Consecutive.Should().Be(0);
        driver.Dies().Status.State.Should().Be(ServicePhase.Backoff);
    }

    [Fact]
    public void A_change_allows_one_probation_start_out_of_a_crash_loop()
    {
        var driver = CrashLooping(TestServices.Web).Later(3_000).Change().Spawned();
        driver.Status.State.Should().Be(ServicePhase.Running);

        driver.Later(29).Dies().Status.State.Should().Be(ServicePhase.CrashLoop);
    }

    [Fact]
    public void A_stable_probation_run_clears_the_history()
    {
        var driver = CrashLooping(TestServices.Web).Change().Spawned().Later(31).Dies();

        driver.Status.State.Should().Be(ServicePhase.Backoff);
        driver.Record.History.Recent.Should().ContainSingle();
    }

    [Fact]
    public void A_start_by_a_new_parent_does_not_end_a_crash_loop() =>
        CrashLooping(TestServices.Web).Start(Cause.Autostart).Status.State.Should().Be(ServicePhase.CrashLoop);

    [Fact]
    public void A_server_that_is_not_ready_in_time_is_stopped_and_counts_as_a_failure()
    {
        var driver = new HostDriver(TestServices.Web.WithProbe()).Start().Spawned();
        driver.On(new HostEvent.ProbeFailed(1, "connection refused")).After(60);

        driver.Effects.Should().ContainSingle().Which.Should().Be(new Effect.Drain(1));
        driver.Dies(code: 0).Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Backoff
            && status.Reason!.Contains("was not ready within 60 s (connection refused)"));
        driver.Record.History.Consecutive.Should().Be(1);
    }

    [Fact]
    public void A_server_is_not_late_while_somebody_may_type_at_its_terminal_and_gets_its_whole_time_afterwards()
    {
        var driver = new HostDriver(TestServices.Web.WithProbe()) { IsHeld = true }.Start().Spawned().After(60);

        driver.Effects.Should().BeEmpty();
        driver.After(60).Status.State.Should().Be(ServicePhase.Starting);

        driver.IsHeld = false;
        driver.After(59).Effects.Should().BeEmpty();
        driver.After(1).Effects.Should().ContainSingle().Which.Should().Be(new Effect.Drain(1));
    }

    [Fact]
    public void A_server_that_ends_with_success_before_it_was_ready_has_crashed()
    {
        var driver = new HostDriver(TestServices.Web.WithProbe()).Start().Spawned().Dies(code: 0);

        driver.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Backoff
            && status.Reason!.StartsWith("ended before it was ready; does it put itself into the background?"));
        driver.Ledger.Should().EndWith("failed");
        driver.Record.History.Consecutive.Should().Be(1);
    }

    [Fact]
    public void A_server_that_ends_with_success_before_it_was_ready_has_failed_for_good_where_the_policy_is_never()
    {
        var driver = new HostDriver(TestServices.Web.WithProbe().Restarting(RestartPolicy.Never)).Start().Spawned();

        driver.Dies(code: 0).Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Failed && status.LastExit!.Code == 0
            && status.Reason == "ended before it was ready; does it put itself into the background?");
    }

    [Fact]
    public void A_server_that_was_ready_and_ends_with_success_is_completed() =>
        HostDriver.Serving(TestServices.Web.WithProbe()).Dies(code: 0).Status.State.Should().Be(ServicePhase.Completed);

    [Fact]
    public void A_command_that_cannot_run_blocks_until_a_change()
    {
        var driver = new HostDriver(TestServices.Web).Start().On(new HostEvent.SpawnFailed(1, Transient: false, "no such file: serve.py"));

        driver.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Blocked && status.Reason == "no such file: serve.py");
        driver.After(3600).Effects.Should().BeEmpty();
        driver.Change().Spawned().Status.State.Should().Be(ServicePhase.Running);
    }

    [Fact]
    public void A_lack_of_processes_is_a_failure_that_is_retried() =>
        new HostDriver(TestServices.Web).Start().On(new HostEvent.SpawnFailed(1, Transient: true, "no more processes"))
            .Status.State.Should().Be(ServicePhase.Backoff);

    [Fact]
    public void A_port_of_another_process_blocks_and_its_release_starts_the_server()
    {
        var driver = new HostDriver(TestServices.Web).Start().On(new HostEvent.PortTaken(1, Stranger));
        driver.Status.Reason.Should().Contain("pid 4711 (python3 other.py, user ann");

        driver.After(0.5).Effects.Should().Equal(new Effect.CheckPort());
        driver.On(new HostEvent.PortChecked(Stranger)).Status.State.Should().Be(ServicePhase.Blocked);
        driver.On(new HostEvent.PortChecked(null)).Effects.OfType<Effect.Start>().Should().ContainSingle();
        driver.Record.History.Consecutive.Should().Be(0);
    }

    [Fact]
    public void A_server_that_loses_the_race_for_its_port_is_blocked_and_has_not_failed()
    {
        var driver = HostDriver.Serving(TestServices.Web).Dies(with: exit => exit with { PortTakenBy = Stranger });

        driver.Status.State.Should().Be(ServicePhase.Blocked);
        driver.Record.History.Consecutive.Should().Be(0);
    }

    [Fact]
    public void A_kill_at_the_memory_limit_is_a_failure_with_its_own_cause()
    {
        var driver = HostDriver.Serving(TestServices.Web).Dies(code: 137, with: exit => exit with { MemoryKill = MemoryKill.MainProcess });

        driver.AllEffects.OfType<Effect.WriteLedger>().Last().Entry.Should().Match<LedgerEntry>(entry => entry.Event == "failed" && entry.Cause == "oom");
    }

    [Fact]
    public void A_server_that_fails_and_is_not_to_be_restarted_is_failed_until_a_command_or_a_change()
    {
        static HostDriver Failed() => HostDriver.Serving(TestServices.Web.Restarting(RestartPolicy.Never)).Later(5).Dies(code: 1);

        Failed().Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Failed && status.Reason == "exited with code 1");
        Failed().Start(Cause.Autostart).State.Should().BeOfType<HostState.Failed>("only a command or a change starts it again");
        Failed().Start().State.Should().BeOfType<HostState.Spawning>();
        Failed().Restart().State.Should().BeOfType<HostState.Spawning>();
        Failed().Change().State.Should().BeOfType<HostState.Spawning>();
        Failed().Stop().Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Stopped && status.Reason == null);
    }

    [Fact]
    public void A_server_that_is_not_ready_in_time_and_not_to_be_restarted_is_failed()
    {
        var driver = new HostDriver(TestServices.Web.WithProbe().Restarting(RestartPolicy.Never)).Start().Spawned().After(61).Dies(code: 143);

        driver.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Failed && status.Reason!.StartsWith("was not ready within 60 s"));
    }

    [Fact]
    public void A_stop_during_backoff_takes_effect_at_once()
    {
        var driver = HostDriver.Serving(TestServices.Web).Dies().Stop();

        driver.Status.State.Should().Be(ServicePhase.Stopped);
        driver.Outcomes.Should().ContainSingle().Which.Succeeded.Should().BeTrue();
    }

    [Fact]
    public void A_stop_completes_once_the_server_is_gone_and_a_second_stop_can_kill_at_once()
    {
        var driver = HostDriver.Serving(TestServices.Web).Stop();
        driver.Outcomes.Should().BeEmpty();

        driver.Stop(now: true).Effects.Should().Equal(new Effect.KillNow(1));
        driver.Dies(code: 143);
        driver.Outcomes.Should().HaveCount(2);
        driver.Status.State.Should().Be(ServicePhase.Stopped);
    }

    [Fact]
    public void The_last_of_several_starts_and_stops_counts()
    {
        var driver = HostDriver.Serving(TestServices.Web).Stop().Start().Stop().Start().Dies().Spawned();
        driver.Status.State.Should().Be(ServicePhase.Running);

        driver.Stop().Start().Stop().Dies().Status.State.Should().Be(ServicePhase.Stopped);
        driver.Outcomes.Should().HaveCount(4);
    }

    [Fact]
    public void A_stop_during_the_spawn_ends_that_process()
    {
        var driver = new HostDriver(TestServices.Web).Start().Stop();
        driver.Outcomes.Should().BeEmpty();

        driver.Spawned().Effects.OfType<Effect.Drain>().Should().ContainSingle();
        driver.Dies().Status.State.Should().Be(ServicePhase.Stopped);
        driver.Outcomes.Should().ContainSingle();
    }

    [Fact]
    public void A_shutdown_stops_the_server_first()
    {
        var driver = HostDriver.Serving(TestServices.Web).Shutdown();
        driver.Effects.Should().NotContain(new Effect.Shutdown());

        driver.Dies().Effects.Should().Contain(new Effect.Shutdown());
    }

    [Fact]
    public void The_exit_of_an_earlier_server_changes_nothing()
    {
        var driver = HostDriver.Serving(TestServices.Web).Dies().After(0.5).Spawned();
        var before = driver.Snapshot;

        driver.On(new HostEvent.ServerExited(1, new ServerExit(new ExitStatus(ExitKind.Exit, 1, null, VirtualTime.Noon), "exited", driver.Now)));

        driver.Snapshot.Should().Be(before);
    }

    internal static HostDriver CrashLooping(ServiceSpec spec)
    {
        var driver = HostDriver.Serving(spec);

        while (driver.Dies().State is HostState.BackingOff(var until, _))
            driver.After(until - driver.Now).Spawned();

        return driver;
    }
}
