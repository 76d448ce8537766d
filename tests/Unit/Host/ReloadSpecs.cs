using Supervisor.Host.Serving;

namespace Supervisor.Unit.Host;

/// <summary>From a change to a new server: gate, validation, reload.</summary>
public sealed class ReloadSpecs
{
    [Fact]
    public void A_change_stops_the_old_server_and_starts_the_next_generation()
    {
        var drive = Drive.Serving(Services.Web.WithProbe()).Later(60).Change("site/views.py");
        drive.Effects.Should().Equal(new Effect.Drain(1));

        drive.Dies(code: 143).Launched().Later(0.04).Ready();

        drive.Status.Should().Match<ServiceStatus>(status =>
            status.State == ServicePhase.Ready && status.Generation == 2 && status.Reloads == 1 && status.Restarts == 0);
        drive.Status.LastChange.Should().BeEquivalentTo(new { Cause = "files", Files = new[] { "site/views.py" }, DurationMs = 40L });
    }

    [Fact]
    public void A_reload_is_never_counted_as_a_failure_even_when_the_old_server_ends_badly()
    {
        var drive = Drive.Serving(Services.Web).Later(5).Change().Dies(code: 1);

        drive.Record.History.Recent.Should().BeEmpty();
        drive.Launched().Status.State.Should().Be(ServicePhase.Running);
    }

    [Fact]
    public void A_delivery_that_comes_twice_reloads_once()
    {
        var drive = Drive.Serving(Services.Web).Later(5).On(new HostEvent.Changed("c1", ["a"])).Dies().Launched();

        drive.Later(5).On(new HostEvent.Changed("c1", ["a"])).Effects.Should().BeEmpty();
    }

    [Fact]
    public void Any_number_of_changes_within_the_debounce_become_one_reload()
    {
        var drive = Drive.Serving(Services.Web.WithDebounce(TimeSpan.FromSeconds(1))).Later(5);

        for (var save = 0; save < 5; save++)
            drive.Change($"{save}.py").After(0.9).Effects.Should().BeEmpty();

        drive.After(0.1).Effects.Should().Equal(new Effect.Drain(1));
        drive.Dies().Launched().After(60).Status.Generation.Should().Be(2);
        drive.Status.LastChange!.Files.Should().HaveCount(5);
    }

    [Fact]
    public void A_stream_of_changes_cannot_postpone_the_reload_for_ever()
    {
        var drive = Drive.Serving(Services.Web.WithDebounce(TimeSpan.FromSeconds(1))).Later(5);

        for (var save = 0; save < 12 && drive.State is HostState.Running; save++)
            drive.Change().After(0.9);

        drive.State.Should().BeOfType<HostState.Draining>();
    }

    [Fact]
    public void The_old_server_goes_on_while_the_change_is_validated()
    {
        var drive = Drive.Serving(Services.Web.WithValidation()).Later(5).Change();

        drive.Effects.Should().Equal(new Effect.Validate(1));
        drive.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Validating && status.Pid == 100);
        drive.On(new HostEvent.ValidationPassed(1)).Effects.Should().Equal(new Effect.Drain(1));
    }

    [Fact]
    public void A_refused_change_leaves_the_old_server_and_says_stale_until_a_good_one_comes()
    {
        var drive = Drive.Serving(Services.Web.WithValidation()).Later(5).Change().On(new HostEvent.ValidationRefused(1, "syntax error"));
        drive.Status.Should().Match<ServiceStatus>(status =>
            status.State == ServicePhase.Running && status.Stale && status.Reason == "syntax error" && status.Generation == 1);

        drive.Change().Effects.Should().Equal(new Effect.Validate(2));
        drive.On(new HostEvent.ValidationPassed(2)).Dies().Launched().Status.Stale.Should().BeFalse();
    }

    [Fact]
    public void A_newer_change_supersedes_the_validation_that_is_under_way()
    {
        var drive = Drive.Serving(Services.Web.WithValidation()).Later(5).Change().Change();
        drive.Effects.Should().Equal(new Effect.CancelValidation(1), new Effect.Validate(2));

        drive.On(new HostEvent.ValidationPassed(1)).Status.State.Should().Be(ServicePhase.Validating, "the first verdict is about older files");
        drive.On(new HostEvent.ValidationPassed(2)).Effects.Should().Equal(new Effect.Drain(1));
    }

    [Fact]
    public void A_server_that_dies_while_its_change_is_validated_comes_back_with_the_change()
    {
        var drive = Drive.Serving(Services.Web.WithValidation()).Later(5).Change().Dies();
        drive.Status.State.Should().Be(ServicePhase.Validating, "the verdict is still wanted");

        drive.On(new HostEvent.ValidationPassed(1)).Launched().Status.Should().Match<ServiceStatus>(status =>
            status.State == ServicePhase.Running && status.LastChange!.Cause == "crash" && status.Reloads == 1);
    }

    [Fact]
    public void A_change_during_the_spawn_leads_to_another_reload()
    {
        var drive = new Drive(Services.Web).Start().Change().Launched();

        drive.Effects.Should().Contain(new Effect.Drain(1));
    }

    [Fact]
    public void A_change_while_the_server_is_starting_restarts_it_at_once()
    {
        var drive = new Drive(Services.Web.WithProbe()).Start().Launched().Later(5).Change();

        drive.Effects.Should().Equal(new Effect.Drain(1));
    }

    [Fact]
    public void A_change_while_the_old_server_is_draining_is_part_of_the_reload_under_way()
    {
        var drive = Drive.Serving(Services.Web).Later(5).Change("a").Change("b").Dies().Launched();

        drive.Effects.Should().NotContain(new Effect.Drain(2));
        drive.Status.LastChange!.Files.Should().Equal("a", "b");
    }

    [Fact]
    public void A_change_ends_the_wait_of_a_backoff() =>
        Drive.Serving(Services.Web).Dies().Change().Effects.OfType<Effect.Start>().Should().ContainSingle();

    [Fact]
    public void A_completed_service_runs_again_on_a_change_and_a_stopped_one_does_not()
    {
        Drive.Serving(Services.Web).Dies(code: 0).Change().Effects.OfType<Effect.Start>().Should().ContainSingle();
        Drive.Serving(Services.Web).Stop().Dies().Change().Effects.Should().BeEmpty();
    }

    [Fact]
    public void A_change_can_be_a_signal_to_the_server_instead_of_a_restart()
    {
        var drive = Drive.Serving(Services.Web.OnChange(ChangeAction.Signal, signal: 1)).Later(5).Change();

        drive.Effects.Should().Contain(new Effect.SendSignal(1, 1));
        drive.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Running && status.Generation == 1 && status.Reloads == 1);
    }

    [Fact]
    public void A_change_can_be_no_more_than_a_record()
    {
        var drive = Drive.Serving(Services.Web.OnChange(ChangeAction.None)).Later(5).Change();

        drive.Effects.Should().BeEmpty();
        drive.Status.LastChange!.Files.Should().Equal("a.py");
    }

    [Fact]
    public void A_restart_by_command_validates_first_and_answers_with_the_refusal()
    {
        var drive = Drive.Serving(Services.Web.WithValidation()).Restart();
        drive.Effects.Should().Equal(new Effect.Validate(1));

        drive.On(new HostEvent.ValidationRefused(1, "line 3: no"));

        drive.Answers.Should().ContainSingle().Which.Should().Match<ServiceOutcome>(outcome => !outcome.Succeeded && outcome.Message.Contains("line 3: no"));
        drive.Status.State.Should().Be(ServicePhase.Running);
    }

    [Fact]
    public void A_forced_restart_does_not_validate_and_answers_when_the_new_server_is_ready()
    {
        var drive = Drive.Serving(Services.Web.WithValidation().WithProbe()).Restart(force: true).Dies().Launched();
        drive.Answers.Should().BeEmpty();

        drive.Ready();
        drive.Answers.Should().ContainSingle().Which.Should().Match<ServiceOutcome>(outcome => outcome.Succeeded && outcome.Message.Contains("generation 2"));
    }

    [Fact]
    public void A_restart_whose_server_dies_is_answered_with_the_failure()
    {
        var drive = Drive.Serving(Services.Web.WithProbe()).Restart().Dies().Launched().Dies(code: 3);

        drive.Answers.Should().ContainSingle().Which.Message.Should().Contain("exited with code 3");
    }

    [Fact]
    public void A_restart_asked_during_a_spawn_is_answered_by_the_server_after_it()
    {
        var drive = new Drive(Services.Web).Start().Restart().Launched();
        drive.Answers.Should().BeEmpty();

        drive.Dies().Launched();
        drive.Answers.Should().ContainSingle().Which.Message.Should().Contain("generation 2");
    }

    [Fact]
    public void Settled_means_that_no_change_waits_and_the_reload_has_ended()
    {
        var drive = Drive.Serving(Services.Web.WithValidation().WithProbe()).Later(5).Change().Settled();
        drive.On(new HostEvent.ValidationPassed(1)).Dies().Launched();
        drive.Answers.Should().BeEmpty();

        drive.Ready();
        drive.Answers.Should().ContainSingle();
    }

    [Fact]
    public void A_stop_during_validation_gives_the_change_up()
    {
        var drive = Drive.Serving(Services.Web.WithValidation()).Later(5).Change().Stop();

        drive.Effects.Should().Contain([new Effect.Drain(1), new Effect.CancelValidation(1)]);
        drive.Dies().Status.State.Should().Be(ServicePhase.Stopped);
    }
}
