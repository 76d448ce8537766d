using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>A start for which an env file or the working directory is lacking.</summary>
public sealed class LackSpecs
{
    private const string NoFile = "services.web.envFile: \".env\" names a file that does not exist";
    private const string NoFolder = "services.web.cwd: /there is not there";

    [Fact]
    public void A_service_that_lacks_something_is_blocked_says_what_and_looks_again_every_second()
    {
        var driver = Blocked();

        driver.Status.Should().BeEquivalentTo(new { State = ServicePhase.Blocked, Reason = NoFile });
        driver.Ledger.Should().Equal("blocked");
        driver.After(0.9).Effects.Should().BeEmpty();
        driver.After(0.1).Effects.Should().ContainSingle().Which.Should().BeOfType<Effect.CheckLack>();
        driver.After(1).Effects.Should().ContainSingle().Which.Should().BeOfType<Effect.CheckLack>();
    }

    [Fact]
    public void It_starts_once_nothing_is_lacking_any_more()
    {
        var driver = Blocked().After(1).On(new HostEvent.LackChecked(null));

        driver.Effects.OfType<Effect.Start>().Should().ContainSingle().Which.Attempt.Cause.Should().Be(Cause.Manual);
    }

    [Fact]
    public void Where_something_else_is_lacking_then_the_reason_says_so_without_another_entry()
    {
        var driver = Blocked().After(1).On(new HostEvent.LackChecked(NoFolder));

        driver.Status.Reason.Should().Be(NoFolder);
        driver.After(1).On(new HostEvent.LackChecked(NoFolder)).Ledger.Should().Equal("blocked");
    }

    [Fact]
    public void A_service_with_a_validation_is_validated_once_nothing_is_lacking_any_more()
    {
        var driver = new HostDriver(TestServices.Web.WithValidation(atStart: true)).Start();
        driver.On(new HostEvent.ValidationRefused(1, NoFile, IsLack: true)).Status.Should().BeEquivalentTo(new { State = ServicePhase.Blocked, Reason = NoFile });

        driver.After(1).On(new HostEvent.LackChecked(null)).Effects.Should().ContainSingle().Which.Should().Be(new Effect.Validate(2));
        driver.On(new HostEvent.ValidationPassed(2)).State.Should().BeOfType<HostState.Spawning>();
    }

    [Fact]
    public void A_look_that_comes_back_after_a_stop_or_a_start_changes_nothing()
    {
        Blocked().After(1).Stop().On(new HostEvent.LackChecked(null)).State.Should().BeOfType<HostState.Stopped>();
        Blocked().After(1).Start().Spawned().On(new HostEvent.LackChecked(null)).State.Should().BeOfType<HostState.Running>();
    }

    [Fact]
    public void A_service_that_is_stopped_before_its_start_has_failed_for_a_lack_is_stopped() =>
        new HostDriver(TestServices.Web).Start().Stop().On(new HostEvent.Lacking(1, NoFile)).State.Should().BeOfType<HostState.Stopped>();

    private static HostDriver Blocked() => new HostDriver(TestServices.Web).Start().On(new HostEvent.Lacking(1, NoFile));
}
