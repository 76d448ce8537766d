using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>Files may have had other content for a while and are the same now: only a server that read its files in that span is reloaded.</summary>
public sealed class UnseenChangeSpecs
{
    [Fact]
    public void A_server_that_was_starting_during_the_span_is_reloaded()
    {
        var driver = new HostDriver(TestServices.Web.WithProbe()).Start().Spawned().Later(1);

        driver.Unseen(since: -0.5).Effects.Should().BeEmpty("it waits for the end of the start");
        driver.Later(1).Ready().Effects.Should().Contain(new Effect.Drain(1));
    }

    [Fact]
    public void A_server_that_became_ready_after_the_span_is_reloaded()
    {
        var driver = new HostDriver(TestServices.Web.WithProbe()).Start().Spawned().Later(5).Ready().Later(3);

        driver.Unseen(since: -4, until: -3.5).Effects.Should().Equal(new Effect.Drain(1));
    }

    [Fact]
    public void A_server_that_was_ready_before_the_span_is_not_reloaded()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithProbe()).Later(60);
        var before = driver.Status;

        driver.Unseen(since: -1).Effects.Should().BeEmpty();

        driver.Status.Should().BeEquivalentTo(before);
        driver.Record.History.OnProbation.Should().BeFalse();
    }

    [Fact]
    public void A_server_that_was_started_after_the_span_is_not_reloaded()
    {
        var driver = new HostDriver(TestServices.Web.WithProbe()).Start().Spawned().Later(1);

        driver.Unseen(since: -60, until: -1.5).Effects.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public void Without_a_probe_the_read_window_is_two_seconds(double age, bool isReloaded)
    {
        var driver = HostDriver.Serving(TestServices.Web).Later(age);

        driver.Unseen(since: -0.1).Effects.OfType<Effect.Drain>().Any().Should().Be(isReloaded);
    }

    [Fact]
    public void A_service_that_is_down_is_not_started()
    {
        new HostDriver(TestServices.Web).Unseen(since: -10).Effects.Should().BeEmpty();
        HostDriver.Serving(TestServices.Web).Dies().Unseen(since: -10).Effects.Should().BeEmpty("it is in backoff");
        HostDriver.Serving(TestServices.Web).Later(5).Change().Unseen(since: -10).Effects.Should().BeEmpty("it is draining for its next start");
    }

    [Fact]
    public void A_run_that_completed_within_the_span_is_repeated_and_an_earlier_one_is_not()
    {
        HostDriver.Serving(TestServices.Web).Later(1).Dies(code: 0).Later(5).Unseen(since: -5.5).Effects.OfType<Effect.Start>().Should().ContainSingle();
        HostDriver.Serving(TestServices.Web).Later(1).Dies(code: 0).Later(5).Unseen(since: -4).Effects.Should().BeEmpty();
    }

    [Fact]
    public void The_same_delivery_twice_reloads_once()
    {
        var driver = HostDriver.Serving(TestServices.Web).Later(1).Unseen(since: -1, cursor: "u").Dies().Spawned();

        driver.Unseen(since: -1, cursor: "u").Effects.Should().BeEmpty();
    }

    [Fact]
    public void A_pending_reload_covers_an_unseen_change()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithDebounce(TimeSpan.FromSeconds(1))).Later(0.5).Change().After(0.5).Unseen(since: -1);

        driver.After(0.5).Effects.Should().Equal(new Effect.Drain(1));
        driver.Dies().Spawned().After(60).Status.Generation.Should().Be(2);
    }

    [Fact]
    public void A_validation_that_writes_and_removes_files_is_not_restarted()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithValidation()).Later(1).Change();

        driver.Unseen(since: -0.1).Effects.Should().BeEmpty();
        driver.On(new HostEvent.ValidationPassed(1)).Effects.Should().Equal(new Effect.Drain(1));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(30)]
    public void A_server_that_makes_and_removes_files_at_each_start_is_ready_after_three_reloads(double start)
    {
        var driver = new HostDriver(TestServices.Web.WithProbe()).Start().Spawned();

        for (var reload = 0; reload < 3; reload++)
            driver.Later(start).Unseen(since: -0.1).Ready().Dies().Spawned();

        driver.Later(start).Unseen(since: -0.1).Effects.Should().BeEmpty("the server causes the changes itself");
        driver.Ready().Status.State.Should().Be(ServicePhase.Ready);

        driver.Later(60).Change().Dies().Spawned().Later(start);
        driver.Unseen(since: -0.1).Ready().AllEffects.Should().Contain(new Effect.Drain(5), "a real change resets the count");
    }

    [Fact]
    public void Reloads_for_unseen_changes_and_for_own_changes_share_one_throttle()
    {
        var driver = HostDriver.Serving(TestServices.Web);

        for (var reload = 0; reload < 5; reload++)
            driver.Later(0.2).Change().Dies().Spawned();

        driver.Later(0.2).Unseen(since: -0.1).Effects.OfType<Effect.Drain>().Should().BeEmpty();
        driver.Status.Reason.Should().StartWith("held back: watched files changed 5 times");
        driver.After(2.9).Effects.Should().BeEmpty();
        driver.After(0.1).Effects.Should().Equal([new Effect.Drain(6)], "a held reload is not lost");
    }

    [Fact]
    public void A_service_whose_folder_was_away_during_its_start_is_started_again()
    {
        var driver = new HostDriver(TestServices.Web).Start(Cause.Autostart).On(new HostEvent.SpawnFailed(1, Transient: false, "The working directory does not exist."));

        driver.Later(0.1).Unseen(since: -0.2).Effects.OfType<Effect.Start>().Should().ContainSingle();
        driver.Spawned().Status.State.Should().Be(ServicePhase.Running);
    }

    [Fact]
    public void A_service_that_failed_before_its_files_came_back_once_more_is_looked_at_again()
    {
        var driver = HostDriver.Serving(TestServices.Web.Restarting(RestartPolicy.Never)).Later(0.1).Dies();

        for (var round = 0; round < 3; round++)
            driver.Later(0.1).Unseen(since: -0.2).Spawned().Later(0.1).Dies();

        driver.Later(0.1).Unseen(since: -0.2).Effects.Should().BeEmpty("it has been so three times in a row");
        driver.After(2).Effects.OfType<Effect.Start>().Should().ContainSingle("its files are quiet");
    }

    [Fact]
    public void A_service_that_fails_because_of_what_it_writes_itself_is_left_alone_in_the_end()
    {
        var driver = HostDriver.Serving(TestServices.Web.Restarting(RestartPolicy.Never)).Later(0.1).Dies();

        for (var round = 0; round < 6; round++)
            driver.Later(0.1).Unseen(since: -0.2).After(10).Spawned().Later(0.1).Dies();

        driver.Later(0.1).Unseen(since: -0.2).After(3600).State.Should().BeOfType<HostState.Failed>();
    }

    [Fact]
    public void A_server_that_is_stopped_for_not_being_ready_is_started_at_once_if_its_files_were_away()
    {
        var driver = new HostDriver(TestServices.Web.WithProbe().Restarting(RestartPolicy.Never)).Start(Cause.Autostart).Spawned().After(60);
        driver.State.Should().BeOfType<HostState.Draining>();

        driver.Unseen(since: -1).Dies().Effects.OfType<Effect.Start>().Should().ContainSingle();
    }

    [Fact]
    public void A_validation_that_refused_a_start_on_other_content_is_repeated()
    {
        var before = new HostDriver(TestServices.Web.WithValidation(atStart: true)).Start(Cause.Autostart).Later(0.1);
        before.On(new HostEvent.ValidationRefused(1, "no such file")).Later(0.1).Unseen(since: -0.2).Effects.Should().Equal(new Effect.Validate(2));

        var during = new HostDriver(TestServices.Web.WithValidation(atStart: true)).Start(Cause.Autostart).Later(0.1).Unseen(since: -0.1);
        during.On(new HostEvent.ValidationRefused(1, "no such file")).Effects.Should().Contain(new Effect.Validate(2));
    }

    [Fact]
    public void A_validation_that_refuses_and_writes_and_removes_files_comes_to_an_end()
    {
        var driver = new HostDriver(TestServices.Web.WithValidation(atStart: true)).Start(Cause.Autostart);

        for (var number = 1; number <= 7; number++)
            driver.Later(0.1).Unseen(since: -0.1).On(new HostEvent.ValidationRefused(number, "no")).After(10);

        driver.State.Should().BeOfType<HostState.Blocked>();
    }

    [Fact]
    public void A_signal_opens_a_new_read_window()
    {
        var driver = HostDriver.Serving(TestServices.Web.OnChange(ChangeAction.Signal, signal: 1)).Later(60).Change().Later(1);

        driver.Unseen(since: -0.5).Effects.OfType<Effect.SendSignal>().Should().ContainSingle();
    }
}
