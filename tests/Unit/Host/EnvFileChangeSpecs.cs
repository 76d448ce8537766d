using Supervisor.Host.Links;
using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>Changes of env files: what they do to the server.</summary>
public sealed class EnvFileChangeSpecs
{
    private static readonly string[] Files = [".env"];

    [Fact]
    public void An_edited_env_file_restarts_a_server_that_a_watched_file_only_signals_or_leaves_alone()
    {
        foreach (var spec in new[] { TestServices.Web.OnChange(ChangeAction.Signal, 1), TestServices.Web.OnChange(ChangeAction.None), TestServices.Web with { Watch = null } })
        {
            var driver = HostDriver.Serving(spec).Later(60).On(new HostEvent.EnvFileChanged("c1", Files));
            driver.Effects.Should().Equal(new Effect.Drain(1));

            driver.Dies(143).Spawned();

            driver.Status.Should().Match<ServiceStatus>(status => status.Generation == 2 && status.Reloads == 1 && !status.Stale);
            driver.Status.LastChange.Should().BeEquivalentTo(new { Cause = "envFile", Files });
            driver.Ledger.Should().EndWith("reloaded");
        }
    }

    [Fact]
    public void It_validates_first_and_comes_together_with_a_change_of_watched_files()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithValidation()).Later(60)
            .On(new HostEvent.FilesChanged("c1", ["a.py"])).On(new HostEvent.EnvFileChanged("c1", Files));

        driver.State.Should().BeOfType<HostState.Validating>();
        driver.On(new HostEvent.ValidationPassed(driver.Record.Validations)).Dies().Spawned();

        driver.Status.LastChange.Should().BeEquivalentTo(new { Cause = "envFile", Files = new[] { "a.py", ".env" } });
        driver.Status.Generation.Should().Be(2);
    }

    [Fact]
    public void A_repeated_delivery_restarts_once()
    {
        var driver = HostDriver.Serving(TestServices.Web).Later(60).On(new HostEvent.EnvFileChanged("c1", Files)).Dies().Spawned();

        driver.Later(60).On(new HostEvent.EnvFileChanged("c1", Files)).Effects.Should().BeEmpty();
    }

    [Fact]
    public void An_unusable_env_file_keeps_the_old_server_and_refuses_every_reload_until_it_is_usable()
    {
        var driver = HostDriver.Serving(TestServices.Web).Later(60).On(new HostEvent.EnvFileUnusable("c1", Files, ".env is gone"));
        driver.Status.Should().Match<ServiceStatus>(status => status.Stale && status.Reason == ".env is gone" && status.State == ServicePhase.Running);

        driver.Change("a.py").Status.Should().Match<ServiceStatus>(status => status.Stale && status.Generation == 1);
        driver.Restart();
        driver.Outcomes.Should().ContainSingle(outcome => !outcome.Succeeded && outcome.Message.Contains(".env is gone"));
        driver.State.Should().BeOfType<HostState.Running>();

        driver.On(new HostEvent.EnvFileUnchanged("c3", Files)).Effects.Should().Contain(new Effect.Drain(1), "the refused change of a.py is due");
        driver.Dies().Spawned().Status.Stale.Should().BeFalse();
    }

    [Fact]
    public void An_env_file_that_comes_back_with_its_old_content_restarts_nothing()
    {
        var driver = HostDriver.Serving(TestServices.Web).Later(60).On(new HostEvent.EnvFileUnusable("c1", Files, ".env is gone"))
            .On(new HostEvent.EnvFileUnchanged("c2", Files));

        driver.Effects.Should().BeEmpty();
        driver.Status.Should().Match<ServiceStatus>(status => !status.Stale && status.Reason == null && status.Generation == 1);
    }

    [Fact]
    public void A_start_with_an_unusable_env_file_is_blocked_and_an_edit_tries_again()
    {
        var driver = new HostDriver(TestServices.Web).Start();
        driver.On(new HostEvent.Lacking(1, ".env is gone")).Status.State.Should().Be(ServicePhase.Blocked);

        driver.On(new HostEvent.EnvFileChanged("c1", Files)).State.Should().BeOfType<HostState.Spawning>();
        driver.Spawned().Status.LastChange!.Cause.Should().Be("envFile");
    }

    [Fact]
    public void A_stopped_service_stays_stopped()
    {
        var driver = HostDriver.Serving(TestServices.Web).Stop().Dies();

        driver.On(new HostEvent.EnvFileChanged("c1", Files)).On(new HostEvent.EnvFileUnusable("c2", Files, "gone")).State.Should().BeOfType<HostState.Stopped>();
        driver.Status.Stale.Should().BeFalse();
    }

    [Fact]
    public void A_change_is_divided_into_env_files_and_others()
    {
        Split(["/p/.env"]).Should().BeEquivalentTo(new { EnvFiles = new[] { "/p/.env" }, Others = (ChangeOrder?)null });
        Split(["/p/.env", "/p/a.py"]).Should().BeEquivalentTo(new { EnvFiles = new[] { "/p/.env" }, Others = new { Files = new[] { "/p/a.py" } } });
        Split(["/p/a.py"]).EnvFiles.Should().BeEmpty();
        Split(["/p"], isWatched: false).Should().BeEquivalentTo(new { EnvFiles = new[] { "/p/.env" }, Others = (ChangeOrder?)null }, "its folder is gone");
        Split(["/p/.env.local"]).EnvFiles.Should().BeEmpty();
        Split(["/p/a.py"], more: 7).EnvFiles.Should().Equal("/p/.env");
        Split([], lostTrack: true).Should().BeEquivalentTo(new { EnvFiles = new[] { "/p/.env" }, Others = new { LostTrack = true } });
        Split([], lostTrack: true, isWatched: false).Others.Should().BeNull();
        EnvFileSplit.Of(Order([], 0, lostTrack: true), [], isWatched: true).Others.Should().NotBeNull();

        static EnvFileSplit Split(string[] files, int more = 0, bool lostTrack = false, bool isWatched = true) =>
            EnvFileSplit.Of(Order(files, more, lostTrack), ["/p/.env"], isWatched);

        static ChangeOrder Order(string[] files, int more, bool lostTrack) => new("c", VirtualTime.Noon, files, more, lostTrack);
    }
}
