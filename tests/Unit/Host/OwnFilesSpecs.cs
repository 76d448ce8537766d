using Supervisor.Host.Serving;

namespace Supervisor.Unit.Host;

/// <summary>A service whose start writes files that it watches would reload for ever; a person who saves fast must not be taken for one.</summary>
public sealed class OwnFilesSpecs
{
    private const string Generated = "site/generated.py";

    [Fact]
    public void A_server_that_writes_its_own_file_at_each_start_is_held_back_and_named_with_the_file()
    {
        var drive = Looping(Services.Web);

        drive.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Running && status.Stale && status.Reloads == 6);
        drive.Status.Reason.Should().StartWith($"held back: its own watched file {Generated} changed 6 times in ")
            .And.Contain("each time right after its own start").And.Contain("\"ignore\": [\"**/generated.py\"]").And.Contain("restart it").And.Contain("quiet 60 s");
        drive.AllEffects.OfType<Effect.Note>().Select(note => note.Entry).Single(entry => entry.Event == "held")
            .Should().BeEquivalentTo(new { Cause = "files", Files = new[] { Generated }, Pid = 100, Generation = 7 });
    }

    [Fact]
    public void Held_back_is_not_lost_after_a_quiet_minute_there_is_one_reload_and_if_it_goes_on_the_next_after_two()
    {
        var drive = Looping(Services.Web);
        drive.After(59).Effects.Should().BeEmpty();

        drive.After(1).Effects.OfType<Effect.Drain>().Should().ContainSingle();
        drive.Dies().Launched().Later(0.2).Change(Generated).After(61).Effects.Should().BeEmpty();
        drive.After(60).Effects.OfType<Effect.Drain>().Should().ContainSingle();
        drive.Dies().Launched().After(600).Status.Should().Match<ServiceStatus>(status => !status.Stale && status.Reason == null);
    }

    [Fact]
    public void Another_file_reloads_at_once_and_what_the_server_writes_at_that_start_is_held_back_at_once()
    {
        var drive = Looping(Services.Web).Later(5).Change("site/views.py");
        drive.Effects.OfType<Effect.Drain>().Should().ContainSingle();

        drive.Dies().Launched().Later(0.2).Change(Generated).Effects.OfType<Effect.Drain>().Should().BeEmpty();
        drive.Status.Reason.Should().Contain(Generated);
    }

    [Fact]
    public void Another_file_right_after_a_start_reloads_at_once_too()
    {
        var drive = Looping(Services.Web).Later(0.1).Change("site/views.py");

        drive.Effects.OfType<Effect.Drain>().Should().ContainSingle();
        drive.Status.LastChange!.Files.Should().Contain([Generated, "site/views.py"]);
    }

    [Fact]
    public void The_same_file_long_after_a_start_is_somebody_elses_and_reloads_at_once()
    {
        var drive = Looping(Services.Web).Later(5).Change(Generated);

        drive.Effects.OfType<Effect.Drain>().Should().ContainSingle();
        drive.Dies().Launched().Later(60).Change(Generated).Dies().Launched().Record.Throttle.Should().Be(ReloadThrottle.Quiet);
    }

    [Fact]
    public void A_command_reloads_at_once_and_is_answered_though_the_server_writes_again()
    {
        var drive = Looping(Services.Web).Restart();
        drive.Effects.OfType<Effect.Drain>().Should().ContainSingle();

        drive.Dies().Launched();

        drive.Answers.Should().ContainSingle().Which.Succeeded.Should().BeTrue();
        drive.Later(0.2).Change(Generated).Effects.OfType<Effect.Drain>().Should().BeEmpty();
    }

    [Fact]
    public void What_is_held_back_keeps_nobody_waiting_who_wants_to_know_whether_all_has_settled() =>
        Looping(Services.Web).Settled().Answers.Should().ContainSingle();

    [Theory]
    [InlineData(0.9)]
    [InlineData(1.5)]
    [InlineData(2.0)]
    [InlineData(2.6)]
    public void A_person_who_saves_the_same_file_again_and_again_waits_once_and_shortly(double pace)
    {
        var drive = Drive.Serving(Services.Web);
        var late = 0;

        for (var save = 0; save < 40; save++)
        {
            drive.After(pace).Change(Generated);
            late += drive.State is HostState.Draining ? 0 : 1;
            drive.Status.Stale.Should().BeFalse();

            if (drive.State is HostState.Draining)
                drive.Dies().Launched();
        }

        late.Should().BeLessThanOrEqualTo(14, "at most two saves of eight wait, for the next one or 3 s");
        drive.After(3);
        drive = drive.State is HostState.Draining ? drive.Dies().Launched() : drive;
        drive.Record.Pending.Should().BeNull("the last save is served");
    }

    [Fact]
    public void A_script_that_flushes_between_its_saves_is_no_server_that_writes()
    {
        var drive = Drive.Serving(Services.Web);

        for (var save = 0; save < 40; save++)
        {
            drive.Later(0.05).Change(Generated).Effects.OfType<Effect.Drain>().Should().ContainSingle();
            drive.Dies().Launched().Settled();
        }
    }

    [Fact]
    public void A_server_that_is_slow_to_start_and_writes_at_the_end_of_it_is_held_back_too()
    {
        var drive = Drive.Serving(Services.Web.WithProbe()).Later(20).Change("site/views.py").Dies().Launched();

        for (var reload = 0; reload < 5; reload++)
        {
            drive.Later(4 + (reload % 2 * 0.3)).Change(Generated).Effects.OfType<Effect.Drain>().Should().ContainSingle();
            drive.Dies().Launched();
        }

        drive.Later(4.1).Change(Generated).After(3).Dies().Launched().Later(4.2).Change(Generated).After(30).Effects.Should().BeEmpty();
        drive.Status.Reason.Should().Contain(Generated);
    }

    [Fact]
    public void A_person_who_saves_while_a_slow_server_starts_has_no_habit()
    {
        var drive = Drive.Serving(Services.Web.WithProbe()).Later(20);
        double[] moments = [8, 3, 11, 5, 14, 4, 9, 13, 6, 10];

        foreach (var moment in moments)
        {
            drive.Later(moment).Change(Generated).Effects.OfType<Effect.Drain>().Should().ContainSingle();
            drive.Dies().Launched();
        }
    }

    [Fact]
    public void A_server_that_writes_another_file_each_time_is_slowed_down()
    {
        var drive = Drive.Serving(Services.Web);

        for (var reload = 0; reload < 6; reload++)
            drive.Later(0.2).Change($"cache/{reload}.json").After(3).Dies().Launched();

        drive.Later(0.2).Change("cache/6.json").After(9.9).Effects.Should().BeEmpty();
        drive.Status.Reason.Should().Contain("others each time");
        drive.After(0.1).Effects.OfType<Effect.Drain>().Should().ContainSingle();
    }

    [Fact]
    public void With_a_signal_instead_of_a_restart_there_is_no_start_and_every_change_is_told()
    {
        var drive = Drive.Serving(Services.Web.OnChange(ChangeAction.Signal, signal: 1)).Later(5);

        for (var save = 0; save < 10; save++)
            drive.Later(0.2).Change(Generated).Effects.Should().Contain(new Effect.SendSignal(1, 1));
    }

    /// <summary>Writes its file 0.2 s after each start; the last of them is not followed by a reload any more.</summary>
    private static Drive Looping(ServiceSpec spec)
    {
        var drive = Drive.Serving(spec);

        for (var reload = 0; reload < 5; reload++)
            drive.Later(0.2).Change(Generated).Dies().Launched();

        drive.Later(0.2).Change(Generated).Effects.OfType<Effect.Drain>().Should().BeEmpty("a person would save once more");
        drive.Status.Stale.Should().BeFalse("not yet said");
        drive.After(3).Dies().Launched();
        drive.Later(0.2).Change(Generated).Effects.OfType<Effect.Drain>().Should().BeEmpty();
        return drive;
    }
}
