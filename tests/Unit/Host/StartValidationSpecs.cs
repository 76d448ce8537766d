using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>Validation before a start that is requested while no server runs.</summary>
public sealed class StartValidationSpecs
{
    [Fact]
    public void A_first_start_is_validated()
    {
        var driver = new HostDriver(TestServices.Web.WithValidation(atStart: true)).Start(Cause.Autostart);
        driver.Effects.Should().Equal(new Effect.Validate(1));
        driver.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Validating && status.Pid == null && status.LastChange == null);

        driver.On(new HostEvent.ValidationPassed(1)).Spawned().Status.State.Should().Be(ServicePhase.Running);
        driver.AllEffects.OfType<Effect.WriteLedger>().Single().Entry.Should().Match<LedgerEntry>(entry => entry.Event == "started" && entry.Cause == "autostart");
    }

    [Fact]
    public void A_first_start_that_is_refused_is_blocked_and_the_next_change_tries_again()
    {
        var driver = new HostDriver(TestServices.Web.WithValidation(atStart: true)).Start(Cause.Autostart).On(new HostEvent.ValidationRefused(1, "syntax error"));
        driver.Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Blocked && status.Reason == "syntax error" && !status.Stale);
        driver.After(600).Effects.Should().BeEmpty();

        driver.Change().Effects.Should().Equal(new Effect.Validate(2));
        driver.On(new HostEvent.ValidationRefused(2, "another error")).Status.Reason.Should().Be("another error");
        driver.Change().On(new HostEvent.ValidationPassed(3)).Spawned().Status.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Running && status.Reason == null);
    }

    [Fact]
    public void A_change_during_the_validation_of_a_first_start_is_validated_instead()
    {
        var driver = new HostDriver(TestServices.Web.WithValidation(atStart: true)).Start(Cause.Autostart).Change();

        driver.Effects.Should().Equal(new Effect.CancelValidation(1), new Effect.Validate(2));
        driver.On(new HostEvent.ValidationPassed(2)).Effects.OfType<Effect.Start>().Should().ContainSingle();
    }

    [Fact]
    public void A_stop_during_the_validation_of_a_first_start_ends_it()
    {
        var driver = new HostDriver(TestServices.Web.WithValidation(atStart: true)).Start(Cause.Autostart).Stop();

        driver.Effects.Should().Contain(new Effect.CancelValidation(1));
        driver.On(new HostEvent.ValidationPassed(1)).Status.State.Should().Be(ServicePhase.Stopped);
    }

    [Fact]
    public void A_start_after_a_crash_is_not_validated()
    {
        var driver = new HostDriver(TestServices.Web.WithValidation(atStart: true)).Start(Cause.Autostart).On(new HostEvent.ValidationPassed(1)).Spawned().Later(5).Dies();

        driver.After(60).Effects.OfType<Effect.Start>().Should().ContainSingle();
    }
}
