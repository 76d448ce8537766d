using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>From a change to a new server: scheduling, validation, reload.</summary>
public sealed class ReloadSpecs
{
    [Fact]
    public void A_change_stops_the_old_server_and_starts_the_next_generation()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithProbe()).Later(60).Change("site/views.py");
        driver.Effects.Should().Equal(new Effect.Drain(1));

        driver.Dies(code: 143).Spawned().Later(0.04).Ready();

        driver.Status.Should().Match<ServiceStatus>(status =>
            status.State == ServicePhase.Ready && status.Generation == 2 && status.Reloads == 1 && status.Restarts == 0);
        driver.Status.LastChange.Should().BeEquivalentTo(new { Cause = "files", Files = new[] { "site/views.py" }, DurationMs = 40L });
    }

    [Fact]
    public void A_reload_is_no_failure_even_if_the_old_server_exits_with_an_error()
    {
        var driver = HostDriver.Serving(TestServices.Web).Later(5).Change().Dies(code: 1);

        driver.Record.History.Recent.Should().BeEmpty();
        driver.Spawned().Status.State.Should().Be(ServicePhase.Running);
    }

    [Fact]
    public void A_delivery_that_arrives_twice_reloads_once()
    {
        var driver = HostDriver.Serving(TestServices.Web).Later(5).On(new HostEvent.FilesChanged("c1", ["a"])).Dies().Spawned();

        driver.Later(5).On(new HostEvent.FilesChanged("c1", ["a"])).Effects.Should().BeEmpty();
    }

    [Fact]
    public void What_was_saved_before_the_start_is_no_reload_however_late_it_is_told()
    {
        var driver = new HostDriver(TestServices.Web).Later(5).Start();
        var saved = driver.Now - TimeSpan.FromMilliseconds(1);

        driver.On(Change("during the spawn", saved)).Effects.Should().BeEmpty();
        driver.Spawned().Later(0.2).On(Change("after it", saved)).Effects.Should().BeEmpty();
        driver.Later(60).Effects.Should().BeEmpty();

        driver.Status.Should().Match<ServiceStatus>(status => status.Generation == 1 && !status.Stale);
    }

    [Fact]
    public void What_was_saved_in_the_moment_of_the_start_or_later_or_at_an_unknown_time_is_a_reload()
    {
        foreach (var late in new double?[] { 0, 0.001, null })
        {
            var driver = new HostDriver(TestServices.Web).Later(5).Start();
            TimeSpan? saved = late is { } seconds ? driver.Now + TimeSpan.FromSeconds(seconds) : null;

            driver.Spawned().Later(10).On(Change("c1", saved)).Effects.Should().Equal(new Effect.Drain(1));
        }
    }

    private static HostEvent.FilesChanged Change(string cursor, TimeSpan? heardUntil) => new(cursor, ["a.py"]) { HeardUntil = heardUntil };

    [Fact]
    public void The_old_server_serves_while_the_change_is_validated()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithValidation()).Later(5).Change();

        driver.Effects.Should().Equal(new Effect.Validate(1));
        driver.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Validating && status.Pid == 100);
        driver.On(new HostEvent.ValidationPassed(1)).Effects.Should().Equal(new Effect.Drain(1));
    }

    [Fact]
    public void A_refused_change_leaves_the_old_server_stale_until_a_valid_change()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithValidation()).Later(5).Change().On(new HostEvent.ValidationRefused(1, "syntax error"));
        driver.Status.Should().Match<ServiceStatus>(status =>
            status.State == ServicePhase.Running && status.Stale && status.Reason == "syntax error" && status.Generation == 1);

        driver.Change().Effects.Should().Equal(new Effect.Validate(2));
        driver.On(new HostEvent.ValidationPassed(2)).Dies().Spawned().Status.Stale.Should().BeFalse();
    }

    [Fact]
    public void A_newer_change_supersedes_the_validation_that_is_under_way()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithValidation()).Later(5).Change().Change();
        driver.Effects.Should().Equal(new Effect.CancelValidation(1), new Effect.Validate(2));

        driver.On(new HostEvent.ValidationPassed(1)).Status.State.Should().Be(ServicePhase.Validating, "the first result is for older files");
        driver.On(new HostEvent.ValidationPassed(2)).Effects.Should().Equal(new Effect.Drain(1));
    }

    [Fact]
    public void A_server_that_exits_during_validation_restarts_with_the_change()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithValidation()).Later(5).Change().Dies();
        driver.Status.State.Should().Be(ServicePhase.Validating, "the result is still needed");

        driver.On(new HostEvent.ValidationPassed(1)).Spawned().Status.Should().Match<ServiceStatus>(status =>
            status.State == ServicePhase.Running && status.LastChange!.Cause == "crash" && status.Reloads == 1);
    }

    [Fact]
    public void A_restart_requested_in_the_backoff_is_validated_to_the_end_and_then_done()
    {
        var driver = BackingOff().Restart();
        driver.Effects.Should().Equal(new Effect.Validate(1));

        driver.After(60).Effects.Should().BeEmpty("the automatic start waits for the validation");
        Deadlines.Next(driver.Snapshot).Should().BeNull("nothing is due before the result");

        driver.On(new HostEvent.ValidationPassed(1)).Spawned();
        driver.Outcomes.Should().ContainSingle().Which.Succeeded.Should().BeTrue();
        driver.Record.History.Recent.Should().BeEmpty("a requested restart forgets earlier failures");
        driver.AllEffects.OfType<Effect.WriteLedger>().Last().Entry.Should().Match<LedgerEntry>(entry => entry.Event == "started" && entry.Cause == "manual");
    }

    [Fact]
    public void A_refused_restart_in_the_backoff_is_answered_and_the_automatic_start_follows()
    {
        var driver = BackingOff().Restart().Later(60).On(new HostEvent.ValidationRefused(1, "syntax error"));

        driver.Outcomes.Should().ContainSingle().Which.Should().Match<ServiceOutcome>(it => !it.Succeeded && it.Message.Contains("syntax error"));
        Deadlines.Next(driver.Snapshot).Should().BeLessThan(driver.Now);
        driver.After(0).State.Should().BeOfType<HostState.Spawning>();
    }

    [Fact]
    public void A_change_in_the_backoff_is_validated_to_the_end()
    {
        var driver = BackingOff().Change().After(60);

        driver.State.Should().BeOfType<HostState.Validating>();
        driver.On(new HostEvent.ValidationPassed(1)).Spawned().Status.Should().Match<ServiceStatus>(status =>
            status.State == ServicePhase.Running && status.LastChange!.Cause == "files");
    }

    [Fact]
    public void A_restart_requested_while_the_port_is_taken_is_validated_to_the_end()
    {
        var holder = new Supervisor.Processes.PortHolder(80, 7, "nginx", "me", null);
        var driver = new HostDriver(TestServices.Web.WithValidation()).Start();
        driver.On(new HostEvent.PortTaken(1, holder)).After(1).Restart().On(new HostEvent.PortChecked(null)).After(60);

        driver.State.Should().BeOfType<HostState.Validating>();
        driver.On(new HostEvent.ValidationPassed(1)).Spawned().Outcomes.Should().ContainSingle().Which.Succeeded.Should().BeTrue();
    }

    private static HostDriver BackingOff() => HostDriver.Serving(TestServices.Web.WithValidation()).Later(5).Dies();

    [Fact]
    public void A_change_during_the_spawn_leads_to_another_reload()
    {
        var driver = new HostDriver(TestServices.Web).Start().Change().Spawned();

        driver.Effects.Should().Contain(new Effect.Drain(1));
    }

    [Fact]
    public void A_change_while_the_old_server_is_draining_is_part_of_the_reload_under_way()
    {
        var driver = HostDriver.Serving(TestServices.Web).Later(5).Change("a").Change("b").Dies().Spawned();

        driver.Effects.Should().NotContain(new Effect.Drain(2));
        driver.Status.LastChange!.Files.Should().Equal("a", "b");
    }

    [Fact]
    public void A_change_ends_a_backoff() =>
        HostDriver.Serving(TestServices.Web).Dies().Change().Effects.OfType<Effect.Start>().Should().ContainSingle();

    [Fact]
    public void A_completed_service_runs_again_on_a_change_and_a_stopped_one_does_not()
    {
        HostDriver.Serving(TestServices.Web).Dies(code: 0).Change().Effects.OfType<Effect.Start>().Should().ContainSingle();
        HostDriver.Serving(TestServices.Web).Stop().Dies().Change().Effects.Should().BeEmpty();
    }

    [Fact]
    public void A_change_can_be_a_signal_to_the_server_instead_of_a_restart()
    {
        var driver = HostDriver.Serving(TestServices.Web.OnChange(ChangeAction.Signal, signal: 1)).Later(5).Change();

        driver.Effects.Should().Contain(new Effect.SendSignal(1, 1));
        driver.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Running && status.Generation == 1 && status.Reloads == 1);
    }

    [Fact]
    public void With_no_action_a_change_is_only_recorded()
    {
        var driver = HostDriver.Serving(TestServices.Web.OnChange(ChangeAction.None)).Later(5).Change();

        driver.Effects.Should().BeEmpty();
        driver.Status.LastChange!.Files.Should().Equal("a.py");
    }

    [Fact]
    public void A_requested_restart_validates_first_and_completes_with_the_refusal()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithValidation()).Restart();
        driver.Effects.Should().Equal(new Effect.Validate(1));

        driver.On(new HostEvent.ValidationRefused(1, "line 3: no"));

        driver.Outcomes.Should().ContainSingle().Which.Should().Match<ServiceOutcome>(outcome => !outcome.Succeeded && outcome.Message.Contains("line 3: no"));
        driver.Status.State.Should().Be(ServicePhase.Running);
    }

    [Fact]
    public void A_forced_restart_skips_validation_and_completes_when_the_new_server_is_ready()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithValidation().WithProbe()).Restart(force: true).Dies().Spawned();
        driver.Outcomes.Should().BeEmpty();

        driver.Ready();
        driver.Outcomes.Should().ContainSingle().Which.Should().Match<ServiceOutcome>(outcome => outcome.Succeeded && outcome.Message.Contains("generation 2"));
    }

    [Fact]
    public void A_restart_whose_server_exits_completes_with_the_failure()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithProbe()).Restart().Dies().Spawned().Dies(code: 3);

        driver.Outcomes.Should().ContainSingle().Which.Message.Should().Contain("exited with code 3");
    }

    [Fact]
    public void A_restart_requested_during_a_spawn_completes_with_the_server_after_it()
    {
        var driver = new HostDriver(TestServices.Web).Start().Restart().Spawned();
        driver.Outcomes.Should().BeEmpty();

        driver.Dies().Spawned();
        driver.Outcomes.Should().ContainSingle().Which.Message.Should().Contain("generation 2");
    }

    [Fact]
    public void A_flush_during_a_first_start_waits_until_the_server_is_ready()
    {
        var driver = new HostDriver(TestServices.Web.WithProbe()).Change().Start(Cause.Autostart).Settled();
        driver.Outcomes.Should().BeEmpty("the change is loaded by the server that is being spawned");
        driver.Spawned().Outcomes.Should().BeEmpty();

        driver.Ready().Outcomes.Should().ContainSingle().Which.Succeeded.Should().BeTrue();
    }

    [Fact]
    public void Settled_means_that_no_change_is_pending_and_the_reload_has_ended()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithValidation().WithProbe()).Later(5).Change().Settled();
        driver.On(new HostEvent.ValidationPassed(1)).Dies().Spawned();
        driver.Outcomes.Should().BeEmpty();

        driver.Ready();
        driver.Outcomes.Should().ContainSingle();
    }

    [Fact]
    public void A_stop_during_validation_cancels_the_reload()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithValidation()).Later(5).Change().Stop();

        driver.Effects.Should().Contain([new Effect.Drain(1), new Effect.CancelValidation(1)]);
        driver.Dies().Status.State.Should().Be(ServicePhase.Stopped);
    }
}
