using Supervisor.Host.Serving;

namespace Supervisor.Unit.Host;

/// <summary>Something may have been otherwise for a while, and nothing differs now: only a server that read its files in that time is reloaded.</summary>
public sealed class UnseenSpecs
{
    [Fact]
    public void A_server_that_was_starting_then_is_reloaded()
    {
        var drive = new Drive(Services.Web.WithProbe()).Start().Launched().Later(1);

        drive.Unseen(since: -0.5).Effects.Should().Equal(new Effect.Drain(1));
    }

    [Fact]
    public void A_server_that_became_ready_only_after_it_is_reloaded()
    {
        var drive = new Drive(Services.Web.WithProbe()).Start().Launched().Later(5).Ready().Later(3);

        drive.Unseen(since: -4, until: -3.5).Effects.Should().Equal(new Effect.Drain(1));
    }

    [Fact]
    public void A_server_that_was_ready_long_before_goes_on_and_nothing_shows()
    {
        var drive = Drive.Serving(Services.Web.WithProbe()).Later(60);
        var before = drive.Status;

        drive.Unseen(since: -1).Effects.Should().BeEmpty();

        drive.Status.Should().BeEquivalentTo(before);
        drive.Record.History.OnProbation.Should().BeFalse();
    }

    [Fact]
    public void A_server_that_was_started_after_it_goes_on()
    {
        var drive = new Drive(Services.Web.WithProbe()).Start().Launched().Later(1);

        drive.Unseen(since: -60, until: -1.5).Effects.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public void Without_a_probe_a_server_counts_as_reading_for_two_seconds(double age, bool isReloaded)
    {
        var drive = Drive.Serving(Services.Web).Later(age);

        drive.Unseen(since: -0.1).Effects.OfType<Effect.Drain>().Any().Should().Be(isReloaded);
    }

    [Fact]
    public void What_is_not_up_reads_the_files_when_it_is_started()
    {
        new Drive(Services.Web).Unseen(since: -10).Effects.Should().BeEmpty();
        Drive.Serving(Services.Web).Dies().Unseen(since: -10).Effects.Should().BeEmpty("it backs off");
        Drive.Serving(Services.Web).Later(5).Change().Unseen(since: -10).Effects.Should().BeEmpty("it is draining for its next start");
    }

    [Fact]
    public void A_run_that_completed_in_that_time_is_repeated_and_an_earlier_one_is_not()
    {
        Drive.Serving(Services.Web).Later(1).Dies(code: 0).Later(5).Unseen(since: -5.5).Effects.OfType<Effect.Start>().Should().ContainSingle();
        Drive.Serving(Services.Web).Later(1).Dies(code: 0).Later(5).Unseen(since: -4).Effects.Should().BeEmpty();
    }

    [Fact]
    public void The_same_delivery_twice_reloads_once()
    {
        var drive = Drive.Serving(Services.Web).Later(1).Unseen(since: -1, cursor: "u").Dies().Launched();

        drive.Unseen(since: -1, cursor: "u").Effects.Should().BeEmpty();
    }

    [Fact]
    public void A_reload_that_is_owed_already_covers_it()
    {
        var drive = Drive.Serving(Services.Web.WithDebounce(TimeSpan.FromSeconds(1))).Later(1).Change().After(0.5).Unseen(since: -1);

        drive.After(0.5).Effects.Should().Equal(new Effect.Drain(1));
        drive.Dies().Launched().After(60).Status.Generation.Should().Be(2);
    }

    [Fact]
    public void A_validation_that_writes_and_removes_files_is_not_begun_anew_for_that()
    {
        var drive = Drive.Serving(Services.Web.WithValidation()).Later(1).Change();

        drive.Unseen(since: -0.1).Effects.Should().BeEmpty();
        drive.On(new HostEvent.ValidationPassed(1)).Effects.Should().Equal(new Effect.Drain(1));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(30)]
    public void A_server_that_makes_and_removes_files_at_each_start_comes_up_after_three_reloads_however_long_it_starts(double start)
    {
        var drive = new Drive(Services.Web.WithProbe()).Start().Launched();

        for (var reload = 0; reload < 3; reload++)
            drive.Later(start).Unseen(since: -0.1).Dies().Launched();

        drive.Later(start).Unseen(since: -0.1).Effects.Should().BeEmpty("it makes them itself");
        drive.Ready().Status.State.Should().Be(ServicePhase.Ready);

        drive.Later(60).Change().Dies().Launched().Later(start);
        drive.Unseen(since: -0.1).Effects.Should().Equal([new Effect.Drain(5)], "a change proper is a new beginning");
    }

    [Fact]
    public void Fast_reloads_of_this_kind_are_throttled_together_with_those_for_its_own_changes()
    {
        var drive = Drive.Serving(Services.Web);

        for (var reload = 0; reload < 5; reload++)
            drive.Later(0.2).Change().Dies().Launched();

        drive.Later(0.2).Unseen(since: -0.1).Effects.Should().BeEmpty();
        drive.After(2.9).Effects.Should().BeEmpty();
        drive.After(0.1).Effects.Should().Equal([new Effect.Drain(6)], "held is not lost");
    }

    [Fact]
    public void A_server_that_is_signalled_has_read_its_files_at_the_signal()
    {
        var drive = Drive.Serving(Services.Web.OnChange(ChangeAction.Signal, signal: 1)).Later(60).Change().Later(1);

        drive.Unseen(since: -0.5).Effects.OfType<Effect.SendSignal>().Should().ContainSingle();
    }
}
