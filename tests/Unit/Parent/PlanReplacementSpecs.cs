using Supervisor.Parent.Control;
using Supervisor.Parent.Supervision;
using static Supervisor.Unit.Parent.TestTree;

namespace Supervisor.Unit.Parent;

/// <summary>A reload of the configuration: only what changed is started, stopped or replaced, in order.</summary>
public sealed class PlanReplacementSpecs
{
    [Fact]
    public void A_removed_service_is_shut_down_after_its_dependants_and_leaves_the_board_when_it_is_gone()
    {
        var tree = TreeOf(Service("web", ("db", DependencyCondition.Ready)), Service("db"), Service("mail")).IsUp("db", "web", "mail");

        Replace(tree, Service("mail")).OfType<Effect.ShutDownHost>().Select(shut => shut.Service).Should().Equal("web");
        Board(tree).Services.Select(status => status.Name).Should().Equal("mail", "db", "web");

        IsGone(tree, "web").OfType<Effect.ShutDownHost>().Select(shut => shut.Service).Should().Equal("db");
        IsGone(tree, "db").Should().NotContain(effect => effect is Effect.SpawnHost);
        Board(tree).Services.Select(status => status.Name).Should().Equal("mail");
    }

    [Fact]
    public void A_service_that_is_added_again_gets_a_run_number_that_was_never_used()
    {
        var tree = TreeOf(Service("web"), Service("db")).IsUp("web", "db");
        Replace(tree, Service("web"));
        IsGone(tree, "db");

        Replace(tree, Service("web"), Service("db")).OfType<Effect.SpawnHost>().Single().Should().Match<Effect.SpawnHost>(spawn => spawn.Service == "db" && spawn.Run == 2);
    }

    [Fact]
    public void A_changed_service_is_replaced_within_its_old_grace_period_and_shown_as_stopping()
    {
        var tree = TreeOf(Service("web", ("db", DependencyCondition.Ready)), Service("db")).IsUp("db", "web");
        var grace = Service("db").Stop.Grace;

        var effects = Replace(tree, Service("web", ("db", DependencyCondition.Ready)), Service("db") with { Stop = new StopSpec(15, TimeSpan.Zero) });

        effects.OfType<Effect.ShutDownHost>().Single().Should().Match<Effect.ShutDownHost>(shut => shut.Service == "db" && shut.Within > grace);
        Board(tree).Services.Single(status => status.Name == "db").State.Should().Be(ServicePhase.Draining);
        IsGone(tree, "db").OfType<Effect.SpawnHost>().Single().Service.Should().Be("db");
        tree.HostLinks("db").OfType<Effect.StartService>().Single().Cause.Should().Be("config");
    }

    [Fact]
    public void A_dependant_that_changes_too_stops_first_and_starts_last()
    {
        var tree = TreeOf(Service("web", ("db", DependencyCondition.Ready)), Service("db")).IsUp("db", "web");

        Replace(tree, Service("web", ("db", DependencyCondition.Ready)) with { Port = 80 }, Service("db") with { Port = 81 })
            .OfType<Effect.ShutDownHost>().Select(shut => shut.Service).Should().Equal("web");
        IsGone(tree, "web").OfType<Effect.ShutDownHost>().Select(shut => shut.Service).Should().Equal("db");
        tree.HostLinks("web").Should().NotContain(effect => effect is Effect.StartService, "db is being replaced, although it was ready a moment ago");
        IsGone(tree, "db");
        tree.HostLinks("db").OfType<Effect.StartService>().Single().Service.Should().Be("db");
        tree.Reports("db", ServicePhase.Ready).OfType<Effect.StartService>().Single().Service.Should().Be("web");
    }

    [Fact]
    public void A_host_that_is_still_being_spawned_with_the_old_configuration_is_replaced_once_it_links()
    {
        var tree = TreeOf(Service("web"));
        tree.Happens(new TreeEvent.TimerElapsed());
        var old = tree.Plan.HashOf("web");
        Replace(tree, Service("web") with { Port = 80 }).Should().NotContain(effect => effect is Effect.ShutDownHost);

        tree.HostLinks("web", specHash: old).OfType<Effect.ShutDownHost>().Single().Service.Should().Be("web");
        IsGone(tree, "web").OfType<Effect.SpawnHost>().Single().Service.Should().Be("web");
    }

    [Fact]
    public void Changed_watch_rules_replace_the_watcher_through_a_standby_and_touch_no_host()
    {
        var tree = TreeOf(Service("web")).IsUp("web").WatcherIsUp().WatcherIsIdle();
        var rules = Service("web").Watch! with { Include = ["*.py"] };

        var effects = Replace(tree, Service("web") with { Watch = rules });

        effects.OfType<Effect.SpawnWatcher>().Single().Standby.Should().BeTrue();
        effects.Should().NotContain(effect => effect is Effect.ShutDownHost);
        tree.StandbyBecomesReady().OfType<Effect.DrainWatcher>().Single().Cause.Should().Be("config");
        tree.WatcherExits(0).Should().Contain(effect => effect is Effect.TakeOver);
        tree.Advance(5).Should().NotContain(effect => effect is Effect.SpawnWatcher);
    }

    [Fact]
    public void Rules_that_change_again_while_a_standby_reads_replace_it_too()
    {
        var tree = TreeOf(Service("web")).IsUp("web").WatcherIsUp().WatcherIsIdle();
        Replace(tree, Service("web") with { Watch = Service("web").Watch! with { Include = ["*.py"] } });
        Replace(tree, Service("web") with { Watch = Service("web").Watch! with { Include = ["*.rb"] } }).Should().NotContain(effect => effect is Effect.SpawnWatcher);

        tree.StandbyBecomesReady();
        tree.WatcherExits(0);
        tree.Advance(1).OfType<Effect.SpawnWatcher>().Single().Standby.Should().BeTrue("the one that took over has the rules of between");
    }

    [Fact]
    public void A_reload_of_a_plan_that_is_not_current_any_more_and_a_reload_of_a_stopping_tree_change_nothing()
    {
        var tree = TreeOf(Service("web")).IsUp("web");
        var (first, second) = (tree.Plan, tree.Plan.With(tree.Plan.Spec with { Services = [Service("web"), Service("db")] }));
        tree.Happens(new TreeEvent.PlanReplaced(first, second));

        tree.Happens(new TreeEvent.PlanReplaced(first, first.With(first.Spec)));
        tree.Plan.Should().BeSameAs(second);
        tree.Happens(new TreeEvent.StopAllRequested(Now: false));
        tree.Happens(new TreeEvent.PlanReplaced(second, first));
        tree.Plan.Should().BeSameAs(second);
    }

    private static IReadOnlyList<Effect> Replace(TestTree tree, params ServiceSpec[] services) =>
        tree.Happens(new TreeEvent.PlanReplaced(tree.Plan, tree.Plan.With(tree.Plan.Spec with { Services = services })));

    private static Effect[] IsGone(TestTree tree, string service) => [.. tree.HostExits(service), .. tree.HostIsCleared(service)];

    private static StatusReport Board(TestTree tree) => new Board(new TreeStatus("/there/supervisor.json", 1, Noon, "test", 0), tree.State).Report;
}
