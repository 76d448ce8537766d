using Supervisor.Host.Ports;
using Supervisor.Host.Serving;

namespace Supervisor.Unit.Host;

/// <summary>Recovery, stops and starts: the life of a server as its host decides it, without any process.</summary>
public sealed class HostMachineSpecs
{
    private static readonly PortHolder Stranger = new(8000, 4711, "python3 other.py", "ann", VirtualTime.Noon);

    [Fact]
    public void A_server_without_a_probe_runs_as_soon_as_it_is_launched() =>
        Drive.Serving(Services.Web).Status.State.Should().Be(ServicePhase.Running);

    [Fact]
    public void A_server_with_a_probe_is_ready_when_the_probe_says_so()
    {
        var drive = new Drive(Services.Web.WithProbe()).Start().Launched();
        drive.Status.State.Should().Be(ServicePhase.Starting);

        drive.Ready().Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Ready && status.ReadyAt != null);
    }

    [Fact]
    public void A_server_that_ends_with_success_is_completed_and_not_started_again()
    {
        var drive = Drive.Serving(Services.Web).Dies(code: 0);

        drive.Status.State.Should().Be(ServicePhase.Completed);
        drive.After(3600).Effects.Should().BeEmpty();
    }

    [Fact]
    public void Five_crashes_within_a_minute_come_at_growing_distances_and_end_in_a_crash_loop()
    {
        var drive = Drive.Serving(Services.Web.Restarting(RestartPolicy.Always));
        var delays = new List<double>();

        for (var crash = 1; crash <= 4; crash++)
        {
            drive.Later(0.05).Dies();
            var until = drive.State.Should().BeOfType<HostState.BackingOff>().Subject.Until;
            delays.Add((until - drive.Now).TotalSeconds);
            drive.After(until - drive.Now).Launched();
        }

        delays.Should().Equal(0.5, 1, 2, 4);
        drive.Later(0.05).Dies().Status.State.Should().Be(ServicePhase.CrashLoop);
        drive.AllEffects.OfType<Effect.Start>().Should().HaveCount(5);
        drive.After(86_400).Status.State.Should().Be(ServicePhase.CrashLoop, "a crash loop never ends by time");
    }

    [Theory]
    [InlineData(29.9, 1.0)]
    [InlineData(30.1, 0.5)]
    public void Thirty_seconds_of_service_reset_the_backoff(double served, double nextDelay)
    {
        var drive = Drive.Serving(Services.Web.WithProbe()).Dies().After(0.5).Launched().Ready().Later(served).Dies();

        (drive.State.Should().BeOfType<HostState.BackingOff>().Subject.Until - drive.Now).TotalSeconds.Should().BeApproximately(nextDelay, 1e-6);
    }

    [Fact]
    public void The_delay_counts_from_the_exit_not_from_when_its_remains_were_cleared()
    {
        var drive = Drive.Serving(Services.Web).Later(10);
        var exit = drive.Now;

        drive.Later(0.3).Dies(with: end => end with { At = exit });

        drive.State.Should().BeOfType<HostState.BackingOff>().Subject.Until.Should().Be(exit + TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public void A_crash_loop_is_left_by_command_with_everything_forgiven()
    {
        var drive = CrashLooping(Services.Web).Start().Launched();

        drive.Record.History.Consecutive.Should().Be(0);
        drive.Dies().Status.State.Should().Be(ServicePhase.Backoff);
    }

    [Fact]
    public void A_crash_loop_is_left_by_a_change_for_one_probation_start()
    {
        var drive = CrashLooping(Services.Web).Later(3_000).Change().Launched();
        drive.Status.State.Should().Be(ServicePhase.Running);

        drive.Later(29).Dies().Status.State.Should().Be(ServicePhase.CrashLoop);
    }

    [Fact]
    public void A_probation_that_is_served_clears_the_record()
    {
        var drive = CrashLooping(Services.Web).Change().Launched().Later(31).Dies();

        drive.Status.State.Should().Be(ServicePhase.Backoff);
        drive.Record.History.Recent.Should().ContainSingle();
    }

    [Theory]
    [InlineData("autostart")]
    [InlineData("dependency")]
    public void A_new_parent_that_starts_its_services_does_not_leave_a_crash_loop(string cause) =>
        CrashLooping(Services.Web).Start(CauseWords.Parse(cause)).Status.State.Should().Be(ServicePhase.CrashLoop);

    [Fact]
    public void A_server_that_is_not_ready_in_time_is_stopped_and_that_is_a_failure()
    {
        var drive = new Drive(Services.Web.WithProbe()).Start().Launched();
        drive.On(new HostEvent.ProbeMissed(1, "connection refused")).After(60);

        drive.Effects.Should().ContainSingle().Which.Should().Be(new Effect.Drain(1));
        drive.Dies(code: 0).Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Backoff
            && status.Reason!.Contains("was not ready within 60 s (connection refused)"));
        drive.Record.History.Consecutive.Should().Be(1);
    }

    [Fact]
    public void A_command_that_cannot_be_run_blocks_at_once_and_waits_for_a_change()
    {
        var drive = new Drive(Services.Web).Start().On(new HostEvent.LaunchFailed(1, Transient: false, "no such file: serve.py"));

        drive.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Blocked && status.Reason == "no such file: serve.py");
        drive.After(3600).Effects.Should().BeEmpty();
        drive.Change().Launched().Status.State.Should().Be(ServicePhase.Running);
    }

    [Fact]
    public void A_shortage_of_processes_is_a_failure_that_is_tried_again() =>
        new Drive(Services.Web).Start().On(new HostEvent.LaunchFailed(1, Transient: true, "no more processes"))
            .Status.State.Should().Be(ServicePhase.Backoff);

    [Fact]
    public void A_port_in_a_strangers_hands_blocks_and_its_release_starts()
    {
        var drive = new Drive(Services.Web).Start().On(new HostEvent.PortTaken(1, Stranger));
        drive.Status.Reason.Should().Contain("pid 4711 (python3 other.py, user ann");

        drive.After(0.5).Effects.Should().Equal(new Effect.LookAtPort());
        drive.On(new HostEvent.PortSeen(Stranger)).Status.State.Should().Be(ServicePhase.Blocked);
        drive.On(new HostEvent.PortSeen(null)).Effects.OfType<Effect.Start>().Should().ContainSingle();
        drive.Record.History.Consecutive.Should().Be(0);
    }

    [Fact]
    public void A_server_that_lost_the_race_for_its_port_is_blocked_not_failed()
    {
        var drive = Drive.Serving(Services.Web).Dies(with: end => end with { PortTakenBy = Stranger });

        drive.Status.State.Should().Be(ServicePhase.Blocked);
        drive.Record.History.Consecutive.Should().Be(0);
    }

    [Fact]
    public void Death_at_the_memory_limit_is_a_failure_with_its_own_cause()
    {
        var drive = Drive.Serving(Services.Web).Dies(code: 137, with: end => end with { OutOfMemory = true });

        drive.AllEffects.OfType<Effect.Note>().Last().Entry.Should().Match<LedgerEntry>(entry => entry.Event == "failed" && entry.Cause == "oom");
    }

    [Fact]
    public void A_stop_during_backoff_takes_effect_at_once()
    {
        var drive = Drive.Serving(Services.Web).Dies().Stop();

        drive.Status.State.Should().Be(ServicePhase.Stopped);
        drive.Answers.Should().ContainSingle().Which.Succeeded.Should().BeTrue();
    }

    [Fact]
    public void A_stop_is_answered_once_the_server_is_gone_and_a_second_one_can_cut_it_short()
    {
        var drive = Drive.Serving(Services.Web).Stop();
        drive.Answers.Should().BeEmpty();

        drive.Stop(now: true).Effects.Should().Equal(new Effect.KillNow(1));
        drive.Dies(code: 143);
        drive.Answers.Should().HaveCount(2);
        drive.Status.State.Should().Be(ServicePhase.Stopped);
    }

    [Fact]
    public void The_last_of_many_starts_and_stops_counts()
    {
        var drive = Drive.Serving(Services.Web).Stop().Start().Stop().Start().Dies().Launched();
        drive.Status.State.Should().Be(ServicePhase.Running);

        drive.Stop().Start().Stop().Dies().Status.State.Should().Be(ServicePhase.Stopped);
        drive.Answers.Should().HaveCount(4);
    }

    [Fact]
    public void A_stop_while_the_process_is_being_spawned_ends_that_process()
    {
        var drive = new Drive(Services.Web).Start().Stop();
        drive.Answers.Should().BeEmpty();

        drive.Launched().Effects.OfType<Effect.Drain>().Should().ContainSingle();
        drive.Dies().Status.State.Should().Be(ServicePhase.Stopped);
        drive.Answers.Should().ContainSingle();
    }

    [Fact]
    public void Leaving_stops_the_server_first()
    {
        var drive = Drive.Serving(Services.Web).Leave();
        drive.Effects.Should().NotContain(new Effect.Leave());

        drive.Dies().Effects.Should().Contain(new Effect.Leave());
    }

    [Fact]
    public void The_death_of_an_earlier_server_changes_nothing()
    {
        var drive = Drive.Serving(Services.Web).Dies().After(0.5).Launched();
        var before = drive.Situation;

        drive.On(new HostEvent.Died(1, new ServerEnd(new ExitStatus(ExitKind.Exit, 1, null, VirtualTime.Noon), "exited", drive.Now)));

        drive.Situation.Should().Be(before);
    }

    [Fact]
    public void A_probe_that_is_lost_leaves_the_server_running_and_can_come_back()
    {
        var drive = Drive.Serving(Services.Web.WithProbe()).On(new HostEvent.ProbeMissed(1, "no answer"));
        drive.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Running && status.Reason!.Contains("no answer"));

        drive.Ready().Status.State.Should().Be(ServicePhase.Ready);
    }

    internal static Drive CrashLooping(ServiceSpec spec)
    {
        var drive = Drive.Serving(spec);

        while (drive.Dies().State is HostState.BackingOff(var until, _))
            drive.After(until - drive.Now).Launched();

        return drive;
    }
}
