using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>A service whose start writes files that it watches would reload for ever. A user who saves quickly must not be throttled like it.</summary>
public sealed class ReloadThrottleSpecs
{
    private const string Generated = "site/generated.py";

    [Fact]
    public void A_server_that_writes_a_watched_file_at_each_start_is_held_back_and_the_reason_names_the_file()
    {
        var driver = Looping(TestServices.Web);

        driver.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Running && status.Stale && status.Reloads == 6);
        driver.Status.Reason.Should().StartWith($"held back: its own watched file {Generated} changed 6 times in ")
            .And.Contain("each time right after its own start").And.Contain("\"ignore\": [\"**/generated.py\"]").And.Contain("restart it").And.Contain("quiet 60 s");
        driver.AllEffects.OfType<Effect.WriteLedger>().Select(note => note.Entry).Where(entry => entry.Event == "held").Should().HaveCount(2)
            .And.Subject.Last().Should().BeEquivalentTo(new { Cause = "files", Files = new[] { Generated }, Pid = 100, Generation = 7 });
    }

    [Fact]
    public void A_held_reload_happens_after_one_minute_and_the_next_one_after_two()
    {
        var driver = Looping(TestServices.Web);
        driver.After(59).Effects.Should().BeEmpty();

        driver.After(1).Effects.OfType<Effect.Drain>().Should().ContainSingle();
        driver.Dies().Spawned().Later(0.2).Change(Generated).After(61).Effects.Should().BeEmpty();
        driver.After(60).Effects.OfType<Effect.Drain>().Should().ContainSingle();
        driver.Dies().Spawned().After(600).Status.Should().Match<ServiceStatus>(status => !status.Stale && status.Reason == null);
    }

    [Fact]
    public void Another_file_reloads_at_once_and_the_servers_own_write_after_that_is_held_back()
    {
        var driver = Looping(TestServices.Web).Later(5).Change("site/views.py");
        driver.Effects.OfType<Effect.Drain>().Should().ContainSingle();

        driver.Dies().Spawned().Later(0.2).Change(Generated).Effects.OfType<Effect.Drain>().Should().BeEmpty();
        driver.Status.Reason.Should().Contain(Generated);
    }

    [Fact]
    public void Another_file_right_after_a_start_reloads_at_once_too()
    {
        var driver = Looping(TestServices.Web).Later(0.1).Change("site/views.py");

        driver.Effects.OfType<Effect.Drain>().Should().ContainSingle();
        driver.Status.LastChange!.Files.Should().Contain([Generated, "site/views.py"]);
    }

    [Fact]
    public void A_change_of_the_same_file_long_after_a_start_reloads_at_once()
    {
        var driver = Looping(TestServices.Web).Later(5).Change(Generated);

        driver.Effects.OfType<Effect.Drain>().Should().ContainSingle();
        driver.Dies().Spawned().Later(60).Change(Generated).Dies().Spawned().Record.Throttle.Should().Be(ReloadThrottle.None);
    }

    [Fact]
    public void A_restart_request_reloads_at_once_and_completes_even_if_the_server_writes_again()
    {
        var driver = Looping(TestServices.Web).Restart();
        driver.Effects.OfType<Effect.Drain>().Should().ContainSingle();

        driver.Dies().Spawned();

        driver.Outcomes.Should().ContainSingle().Which.Succeeded.Should().BeTrue();
        driver.Later(0.2).Change(Generated).Effects.OfType<Effect.Drain>().Should().BeEmpty();
    }

    [Fact]
    public void A_client_that_waits_ends_the_first_pause()
    {
        var driver = HostDriver.Serving(TestServices.Web);

        for (var reload = 0; reload < 5; reload++)
            driver.Later(0.2).Change(Generated).Dies().Spawned();

        driver.Later(0.2).Change(Generated).Settled().Effects.OfType<Effect.Drain>().Should().ContainSingle();
        driver.Dies().Spawned().Outcomes.Should().ContainSingle().Which.Succeeded.Should().BeTrue();
    }

    [Fact]
    public void A_held_reload_does_not_delay_the_answer_to_settled() =>
        Looping(TestServices.Web).Settled().Outcomes.Should().ContainSingle();

    [Theory]
    [InlineData(0.9)]
    [InlineData(1.5)]
    [InlineData(2.0)]
    [InlineData(2.6)]
    public void A_user_who_saves_the_same_file_repeatedly_waits_once_and_briefly(double pace)
    {
        var driver = HostDriver.Serving(TestServices.Web);
        var late = 0;

        for (var save = 0; save < 40; save++)
        {
            driver.After(pace).Change(Generated);
            late += driver.State is HostState.Draining ? 0 : 1;
            driver.Status.Stale.Should().Be(driver.State is not HostState.Draining);
            driver.Status.Reason.Should().Match(reason => reason == null || reason.EndsWith("it is reloaded once nothing has changed for 3 s"));

            if (driver.State is HostState.Draining)
                driver.Dies().Spawned();
        }

        late.Should().BeLessThanOrEqualTo(14, "at most two saves of eight wait, for the next one or 3 s");
        driver.After(3);
        driver = driver.State is HostState.Draining ? driver.Dies().Spawned() : driver;
        driver.Record.Pending.Should().BeNull("the last save has been reloaded");
    }

    [Fact]
    public void A_script_that_flushes_between_its_saves_is_not_held_back()
    {
        var driver = HostDriver.Serving(TestServices.Web);

        for (var save = 0; save < 40; save++)
        {
            driver.Later(0.05).Change(Generated).Effects.OfType<Effect.Drain>().Should().ContainSingle();
            driver.Dies().Spawned().Settled();
        }
    }

    [Fact]
    public void A_server_that_starts_slowly_and_writes_at_the_end_of_its_start_is_held_back_too()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithProbe()).Later(20).Change("site/views.py").Dies().Spawned();

        for (var reload = 0; reload < 5; reload++)
        {
            driver.Later(4 + (reload % 2 * 0.3)).Change(Generated).After(1).Effects.OfType<Effect.Drain>().Should().ContainSingle();
            driver.Dies().Spawned();
        }

        driver.Later(4.1).Change(Generated).After(3).Dies().Spawned().Later(4.2).Change(Generated).After(30).Effects.Should().BeEmpty();
        driver.Status.Reason.Should().Contain(Generated);
    }

    [Fact]
    public void A_user_who_saves_at_different_times_of_a_slow_start_is_not_held_back()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithProbe()).Later(20);
        double[] moments = [8, 3, 11, 5, 14, 4, 9, 13, 6, 10];

        foreach (var moment in moments)
        {
            driver.Later(moment).Change(Generated).After(2).State.Should().BeOfType<HostState.Draining>();
            driver.Dies().Spawned();
        }
    }

    [Fact]
    public void A_server_that_writes_a_different_file_each_time_is_throttled()
    {
        var driver = HostDriver.Serving(TestServices.Web);

        for (var reload = 0; reload < 6; reload++)
            driver.Later(0.2).Change($"cache/{reload}.json").After(3).Dies().Spawned();

        driver.Later(0.2).Change("cache/6.json").After(9.9).Effects.Should().BeEmpty();
        driver.Status.Reason.Should().Contain("others each time");
        driver.After(0.1).Effects.OfType<Effect.Drain>().Should().ContainSingle();
    }

    [Fact]
    public void With_a_signal_instead_of_a_restart_every_change_sends_a_signal()
    {
        var driver = HostDriver.Serving(TestServices.Web.OnChange(ChangeAction.Signal, signal: 1)).Later(5);

        for (var save = 0; save < 10; save++)
            driver.Later(0.2).Change(Generated).Effects.Should().Contain(new Effect.SendSignal(1, 1));
    }

    /// <summary>The server writes its file 0.2 s after each start; the last write causes no reload.</summary>
    private static HostDriver Looping(ServiceSpec spec)
    {
        var driver = HostDriver.Serving(spec);

        for (var reload = 0; reload < 5; reload++)
            driver.Later(0.2).Change(Generated).Dies().Spawned();

        driver.Later(0.2).Change(Generated).Effects.OfType<Effect.Drain>().Should().BeEmpty("a user would save again");
        driver.Status.Should().Match<ServiceStatus>(status => status.Stale && status.Reason!.StartsWith($"held back: {Generated} changed 5 times in "));
        driver.After(3).Dies().Spawned();
        driver.Later(0.2).Change(Generated).Effects.OfType<Effect.Drain>().Should().BeEmpty();
        return driver;
    }
}
