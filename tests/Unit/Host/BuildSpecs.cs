using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>A build before starts and reloads, and changes that come while it runs.</summary>
public sealed class BuildSpecs
{
    private static readonly ServiceSpec Built = TestServices.Web.WithBuild();

    [Fact]
    public void A_start_is_built_first_and_then_validated()
    {
        var driver = new HostDriver(Built.WithValidation(atStart: true)).Start(Cause.Autostart);
        driver.Effects.Should().Equal(new Effect.Build(1));
        driver.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Building && status.Pid == null && status.LastChange == null);

        driver.BuildPasses().Effects.Should().Equal(new Effect.Validate(1));
        driver.On(new HostEvent.ValidationPassed(1)).Spawned().Status.State.Should().Be(ServicePhase.Running);
    }

    [Fact]
    public void A_start_is_not_validated_when_only_reloads_are()
    {
        var driver = new HostDriver(Built.WithValidation(atStart: false)).Start().BuildPasses();

        driver.State.Should().BeOfType<HostState.Spawning>();
        driver.Spawned().Later(60).Change().BuildPasses().Effects.Should().Equal(new Effect.Validate(1));
    }

    [Fact]
    public void A_start_after_a_crash_is_not_built()
    {
        var driver = Serving().Later(5).Dies();

        driver.After(60).Effects.OfType<Effect.Start>().Should().ContainSingle();
    }

    [Fact]
    public void A_forced_restart_is_not_built_and_a_plain_one_is()
    {
        Serving().Restart(force: true).Effects.Should().Equal(new Effect.Drain(1));
        Serving().Restart().Effects.Should().Equal(new Effect.Build(2));
    }

    [Fact]
    public void A_restart_that_overtakes_a_stop_is_built_once_the_server_is_gone()
    {
        var driver = Serving().Stop().Restart().Dies();

        driver.Effects.Should().Contain(new Effect.Build(2));
        driver.BuildPasses().Spawned().Outcomes.Last().Succeeded.Should().BeTrue();
    }

    [Fact]
    public void A_build_that_fails_leaves_the_old_server_stale_and_a_first_one_blocks_the_service()
    {
        Serving().Change().BuildFails("build exited with code 1: a.c:1: error").Status.Should().Match<ServiceStatus>(
            status => status.State == ServicePhase.Running && status.Stale && status.Reason == "build exited with code 1: a.c:1: error");

        var first = new HostDriver(Built).Start(Cause.Autostart).BuildFails("no");
        first.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Blocked && status.Reason == "no" && !status.Stale);
        first.Change().Effects.Should().Equal(new Effect.Build(2));
        first.AllEffects.OfType<Effect.WriteLedger>().Last().Entry.Should().Match<LedgerEntry>(entry => entry.Event == "refused" && entry.Cause == "build");
    }

    [Fact]
    public void A_change_that_was_noticed_before_the_build_began_is_in_it()
    {
        var driver = Serving().Later(60).Change();

        driver.Change("b.py", heard: -0.1).Effects.Should().BeEmpty();
        driver.BuildPasses().Effects.Should().Equal(new Effect.Drain(1));
    }

    [Fact]
    public void A_change_during_a_build_is_built_too_before_the_one_exchange()
    {
        var driver = Serving().Later(60).Change().Later(1);

        driver.Change("b.py", heard: -0.5).Effects.Should().BeEmpty();
        driver.BuildPasses().Effects.Should().Equal(new Effect.Build(3));
        driver.BuildPasses().Effects.Should().Equal(new Effect.Drain(1));
        driver.Dies().Spawned().AllEffects.OfType<Effect.WriteLedger>().Last().Entry.Files.Should().Equal("a.py", "b.py");
        driver.Status.Should().Match<ServiceStatus>(status => !status.Stale && status.Generation == 2);
    }

    [Fact]
    public void A_change_during_a_build_that_fails_may_have_mended_it()
    {
        var driver = Serving().Later(60).Change().Later(1).Change("b.py", heard: -0.5);

        driver.BuildFails("no").Effects.Should().Equal(new Effect.Build(3));
        driver.BuildPasses().Effects.Should().Equal(new Effect.Drain(1));
    }

    [Fact]
    public void A_build_whose_source_is_saved_again_is_outdated_and_begins_again_but_not_for_ever()
    {
        var driver = Serving().Later(60).Change("a.py", heard: 0);

        for (var round = 2; round <= 4; round++)
            driver.Later(1).Change("a.py", heard: 0).Effects.Should().Equal(new Effect.CancelBuild(round), new Effect.Build(round + 1));

        driver.Later(1).Change("a.py", heard: 0).Effects.Should().BeEmpty("a build that writes its own source would never end");
        driver.BuildPasses().Effects.Should().Equal(new Effect.Build(6));
        driver.BuildPasses().Effects.Should().Equal(new Effect.Drain(1));
    }

    [Fact]
    public void What_changes_during_each_of_three_builds_is_exchanged_once_and_built_again_after_a_quiet_minute()
    {
        var driver = ServingAfterThreeDoubtfulBuilds();

        driver.Status.Should().Match<ServiceStatus>(status => status.Stale && status.Generation == 2);
        driver.Status.Reason.Should().Contain("made.txt changed during each of 3 builds").And.Contain("\"**/made.txt\"").And.Contain("60 s");
        driver.After(59).Effects.Should().BeEmpty();
        driver.After(1).Effects.Should().Equal(new Effect.Build(5));
    }

    [Fact]
    public void What_changes_during_the_build_after_the_quiet_minute_too_is_written_by_the_build()
    {
        var driver = ServingAfterThreeDoubtfulBuilds().After(60).Later(1).Change("made.txt", heard: -0.5);

        driver.BuildPasses().Effects.Should().BeEmpty();
        driver.Status.Should().Match<ServiceStatus>(status => !status.Stale && status.State == ServicePhase.Running && status.Generation == 2);
        driver.After(600).Effects.Should().BeEmpty();
    }

    [Fact]
    public void What_does_not_change_during_the_build_after_the_quiet_minute_was_saved_by_a_user_and_is_reloaded()
    {
        ServingAfterThreeDoubtfulBuilds().After(60).BuildPasses().Effects.Should().Equal(new Effect.Drain(2));
    }

    [Fact]
    public void A_build_that_writes_other_files_each_time_waits_longer_each_time()
    {
        var driver = ServingAfterThreeDoubtfulBuilds().After(60);

        for (var round = 1; round <= 3; round++)
            driver.Later(1).Change($"made-{round}.txt", heard: -0.5).BuildPasses();

        driver.Dies().Spawned().Status.Reason.Should().Contain("120 s");
        driver.After(119).Effects.Should().BeEmpty();
        driver.After(1).Effects.OfType<Effect.Build>().Should().ContainSingle();
    }

    [Fact]
    public void A_save_ends_the_quiet_minute()
    {
        var driver = ServingAfterThreeDoubtfulBuilds().Later(10).Change("a.py", heard: 0);

        driver.Effects.Should().Equal(new Effect.Build(5));
        driver.BuildPasses().Effects.Should().Equal(new Effect.Drain(2));
    }

    [Fact]
    public void A_change_that_is_told_after_the_start_is_built_unless_the_build_has_read_it()
    {
        var driver = Serving().Later(60).Change().Later(10).BuildPasses().Later(1).Dies().Spawned().Later(1);

        driver.Change("b.py", heard: -12.5).Effects.Should().BeEmpty("it was noticed before the build began");
        driver.Change("b.py", heard: -5).Effects.Should().Equal([new Effect.Build(3)], "it was noticed during the build");
    }

    [Fact]
    public void A_change_during_the_stop_of_the_old_server_is_built_after_the_start_of_the_new_one()
    {
        var driver = Serving().Later(60).Change().BuildPasses().Later(1).Change("b.py", heard: 0);
        driver.Effects.Should().BeEmpty();

        driver.Dies().Spawned().Effects.Should().Contain(new Effect.Build(3));
    }

    [Fact]
    public void A_change_that_joins_a_forced_restart_is_built()
    {
        var driver = new HostDriver(Built).Start().BuildPasses().Restart(force: true).Change("b.py", heard: 0).Spawned();

        driver.Effects.Should().Contain(new Effect.Build(2));
    }

    [Fact]
    public void Files_that_were_different_for_a_while_during_a_build_are_built_once_more_and_not_again()
    {
        var driver = Serving().Later(60).Change().Later(1).Unseen(since: -0.5);

        driver.BuildPasses().Effects.Should().Equal(new Effect.Build(3));
        driver.Unseen(since: 0).BuildPasses().Effects.Should().Equal(new Effect.Drain(1));
    }

    [Fact]
    public void A_stop_ends_the_build()
    {
        var driver = new HostDriver(Built).Start().Stop();

        driver.Effects.Should().Contain(new Effect.CancelBuild(1));
        driver.On(new HostEvent.BuildPassed(1)).Status.State.Should().Be(ServicePhase.Stopped);
    }

    [Fact]
    public void A_reload_says_how_long_its_build_took()
    {
        var driver = Serving().Later(60).Change().Later(0.5).BuildPasses().Later(0.2).Dies().Spawned();

        driver.AllEffects.OfType<Effect.WriteLedger>().Last().Ended.Should().Match<EndedChange>(
            ended => ended.Build == TimeSpan.FromSeconds(0.5) && ended.Validation == null && ended.Start == TimeSpan.FromSeconds(0.2));
    }

    [Fact]
    public void A_validation_that_writes_watched_files_runs_to_its_end_at_last()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithValidation()).Later(60).Change();

        for (var round = 1; round <= 3; round++)
            driver.Later(1).Change("report.txt").Effects.Should().Equal(new Effect.CancelValidation(round), new Effect.Validate(round + 1));

        driver.Later(1).Change("report.txt").Effects.Should().BeEmpty();
        driver.On(new HostEvent.ValidationPassed(4)).Effects.Should().Equal(new Effect.Drain(1));
        driver.Dies().Spawned().Status.Stale.Should().BeFalse("the new server has read it");
    }

    private static HostDriver Serving() => new HostDriver(Built).Start(Cause.Autostart).BuildPasses().Spawned();

    private static HostDriver ServingAfterThreeDoubtfulBuilds()
    {
        var driver = Serving().Later(60).Change("a.py", heard: 0);

        for (var round = 1; round <= 3; round++)
            driver.Later(1).Change("made.txt", heard: -0.5).BuildPasses();

        driver.Effects.Should().Contain(new Effect.Drain(1));
        return driver.Dies().Spawned();
    }
}
