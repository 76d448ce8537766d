using Supervisor.Parent.Control;
using Supervisor.Parent.Supervision;
using static Supervisor.Unit.Parent.TestTree;

namespace Supervisor.Unit.Parent;

public sealed class StoppingSpecs
{
    private readonly TestTree _tree = TreeOf(Service("web", ("db", DependencyCondition.Ready)), Service("db")).WatcherIsUp().IsUp("db", "web");

    [Fact]
    public void Dependants_stop_first_and_the_watcher_last()
    {
        _tree.Happens(new TreeEvent.StopAllRequested(Now: false)).Should().ContainSingle()
            .Which.Should().Match<Effect.ShutDownHost>(shut => shut.Service == "web" && !shut.Now);

        _tree.HostExits("web");
        _tree.HostIsCleared("web").Should().ContainSingle().Which.Should().Match<Effect.ShutDownHost>(shut => shut.Service == "db");

        _tree.HostExits("db");
        _tree.HostIsCleared("db").Should().ContainSingle().Which.Should().BeOfType<Effect.StopWatcher>();
        _tree.State.IsOver.Should().BeFalse();

        _tree.WatcherExits(0);
        _tree.State.IsOver.Should().BeTrue();
    }

    [Fact]
    public void A_second_stop_without_grace_ends_the_grace_period_of_the_first()
    {
        _tree.Happens(new TreeEvent.StopAllRequested(Now: false));

        _tree.Happens(new TreeEvent.StopAllRequested(Now: true)).OfType<Effect.ShutDownHost>()
            .Should().HaveCount(2).And.OnlyContain(shut => shut.Now);
    }

    [Fact]
    public void A_host_that_exceeds_its_time_to_stop_is_cleared_and_the_stop_continues()
    {
        _tree.Happens(new TreeEvent.StopAllRequested(Now: false));

        _tree.Happens(new TreeEvent.HostFailed("web", 1, "host/shutdown was not answered")).OfType<Effect.ClearHost>().Should().ContainSingle();
        _tree.HostIsCleared("web").OfType<Effect.ShutDownHost>().Single().Service.Should().Be("db");
    }

    [Fact]
    public void A_stop_of_one_service_does_not_affect_the_others()
    {
        _tree.Happens(new TreeEvent.StopRequested(["web"], Now: false)).Should().ContainSingle()
            .Which.Should().Match<Effect.StopService>(stop => stop.Service == "web");
    }

    [Fact]
    public void Of_two_services_that_stop_the_dependant_goes_first()
    {
        _tree.Happens(new TreeEvent.StopRequested(["db", "web"], Now: false)).OfType<Effect.StopService>().Single().Service.Should().Be("web");

        _tree.HostStops("web")
            .OfType<Effect.StopService>().Single().Service.Should().Be("db");
    }

    [Fact]
    public void A_service_is_shown_as_stopped_only_once_its_host_has_answered_so_that_a_start_that_follows_is_not_told_of_the_stop()
    {
        var stopped = _tree.Slot("web").Status with { State = ServicePhase.Stopped, Pid = null };
        _tree.Happens(new TreeEvent.StopRequested(["web"], Now: true));
        _tree.Happens(new TreeEvent.HostReported("web", 1, stopped));
        ShownState("web").Should().Be(ServicePhase.Draining, "the answer is still to come");

        _tree.Happens(new TreeEvent.StartRequested(["web"]));
        ShownState("web").Should().Be(ServicePhase.Draining);

        _tree.HostStops("web", stopped).OfType<Effect.StartService>().Should().ContainSingle();
        ShownState("web").Should().Be(ServicePhase.Starting);
    }

    [Fact]
    public void A_stopped_service_stays_stopped_when_its_host_dies()
    {
        _tree.Happens(new TreeEvent.StopRequested(["web"], Now: false));
        _tree.HostStops("web");
        _tree.HostExits("web");
        _tree.HostIsCleared("web");

        _tree.AdvanceWithHeartbeats(60).Should().NotContain(effect => effect is Effect.SpawnHost);
    }

    [Fact]
    public void A_host_that_is_being_spawned_is_cleared_when_the_tree_stops()
    {
        var tree = TreeOf(Service("web"));
        tree.Happens(new TreeEvent.TimerElapsed());

        tree.Happens(new TreeEvent.StopAllRequested(Now: false)).OfType<Effect.ClearHost>().Should().ContainSingle();
    }

    private ServicePhase ShownState(string service) => new Board(new TreeStatus("/there/supervisor.json", 1, Noon, "test", 0), _tree.State).Report.StatusOf(service).State;
}
