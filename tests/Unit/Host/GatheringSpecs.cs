using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>Trains of saves: which changes reload at once, and which gather.</summary>
public sealed class GatheringSpecs
{
    [Fact]
    public void The_first_change_reloads_at_once_whatever_the_debounce()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithDebounce(TimeSpan.FromSeconds(1))).Later(5).Change();

        driver.Effects.Should().Equal(new Effect.Drain(1));
    }

    [Fact]
    public void Any_number_of_changes_soon_after_a_reload_become_one_more_reload()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithDebounce(TimeSpan.FromSeconds(1))).Later(5).Change("first.py").Dies().Spawned();

        for (var save = 0; save < 5; save++)
            driver.After(0.9).Change($"{save}.py").Effects.Should().BeEmpty();

        driver.After(0.9).Effects.Should().BeEmpty();
        driver.After(0.1).Effects.Should().Equal(new Effect.Drain(2));
        driver.Dies().Spawned().After(60).Status.Generation.Should().Be(3);
        driver.Status.LastChange!.Files.Should().HaveCount(5);
    }

    [Fact]
    public void A_stream_of_changes_does_not_postpone_the_reload_for_ever()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithDebounce(TimeSpan.FromSeconds(1))).Later(5).Change().Dies().Spawned();

        for (var save = 0; save < 14 && driver.State is HostState.Running; save++)
            driver.After(0.9).Change();

        driver.State.Should().BeOfType<HostState.Draining>();
    }

    [Fact]
    public void A_change_during_a_start_waits_until_the_server_is_ready()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithProbe()).Later(60).Change("first.py").Dies().Spawned();

        driver.Later(0.5).Change("second.py").Effects.Should().BeEmpty("the server is not stopped in the middle of its start");
        driver.Later(0.5).Change("third.py").Effects.Should().BeEmpty();

        driver.Later(1).Ready().Effects.Should().Contain(new Effect.Drain(2));
        driver.Dies().Spawned().Later(1).Ready().Status.Should().Match<ServiceStatus>(status => status.Generation == 3 && status.LastChange!.Files.Count == 2);
    }

    [Fact]
    public void A_change_during_a_start_that_hangs_waits_five_seconds()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithProbe()).Later(60).Change("broken.py").Dies().Spawned();

        driver.Later(2).Change("mended.py").Effects.Should().BeEmpty();
        Deadlines.Next(driver.Snapshot).Should().Be(driver.Now + TimeSpan.FromSeconds(3));
        driver.After(2.9).Effects.Should().BeEmpty();
        driver.After(0.1).Effects.Should().Equal(new Effect.Drain(2));
    }

    [Fact]
    public void A_change_during_a_start_that_fails_starts_the_next_server_at_once()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithProbe()).Later(60).Change("broken.py").Dies().Spawned().Later(1).Change("mended.py");

        driver.Later(1).Dies(code: 1).State.Should().BeOfType<HostState.Spawning>("nobody waits for the backoff of code that is gone");
    }

    [Fact]
    public void A_request_during_a_start_does_not_wait_for_it()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithProbe()).Later(60).Change().Dies().Spawned().Later(0.5).Change();

        driver.Restart().Effects.Should().Equal(new Effect.Drain(2));
    }

    [Fact]
    public void A_client_that_flushes_does_not_wait_for_the_debounce()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithDebounce(TimeSpan.FromSeconds(1))).Later(5).Change().Dies().Spawned().Later(0.1).Change();

        driver.Settled().Effects.Should().Equal(new Effect.Drain(2));
        driver.Outcomes.Should().BeEmpty();
        driver.Dies().Spawned().Outcomes.Should().ContainSingle();
    }

    [Fact]
    public void Signals_of_a_train_of_saves_gather_too()
    {
        var driver = HostDriver.Serving(TestServices.Web.OnChange(ChangeAction.Signal, signal: 1).WithDebounce(TimeSpan.FromSeconds(1))).Later(5);

        driver.Change().Effects.Should().Contain(new Effect.SendSignal(1, 1));
        driver.Later(0.1).Change().Effects.Should().BeEmpty();
        driver.Later(0.1).Change().Effects.Should().BeEmpty();
        driver.After(1).Effects.OfType<Effect.SendSignal>().Should().ContainSingle();
    }
}
