using Supervisor.Configuration;
using Supervisor.Parent.Control;
using Supervisor.Parent.Supervision;
using static Supervisor.Unit.Parent.TestTree;

namespace Supervisor.Unit.Parent;

public sealed class StartingSpecs
{
    [Fact]
    public void Watcher_and_hosts_are_all_spawned_in_the_first_step()
    {
        var tree = TreeOf(Service("web"), Service("db"));

        var effects = tree.Happens(new TreeEvent.TimerElapsed());

        effects.OfType<Effect.SpawnHost>().Select(spawn => spawn.Service).Should().BeEquivalentTo("web", "db");
        effects.OfType<Effect.SpawnWatcher>().Should().ContainSingle();
    }

    [Fact]
    public void A_first_run_discards_the_state_of_earlier_watchers()
    {
        var effects = TreeOf(Service("web")).Happens(new TreeEvent.TimerElapsed());

        effects.OfType<Effect.BeginRun>().Single().Baseline.Should().Be(new WatchBaseline(null, Noon));
        effects.OfType<Effect.SpawnWatcher>().Single().Baseline.Should().Be(new WatchBaseline(null, Noon));
    }

    [Fact]
    public void A_linked_host_without_dependencies_starts_at_once()
    {
        var tree = TreeOf(Service("web"));
        tree.Happens(new TreeEvent.TimerElapsed());

        tree.HostLinks("web").OfType<Effect.StartService>().Single().Cause.Should().Be("autostart");
    }

    [Theory]
    [InlineData(DependencyCondition.Ready, ServicePhase.Ready)]
    [InlineData(DependencyCondition.Started, ServicePhase.Starting)]
    [InlineData(DependencyCondition.Completed, ServicePhase.Completed)]
    public void A_service_starts_as_soon_as_its_dependencies_are_met(DependencyCondition condition, ServicePhase phase)
    {
        var tree = TreeOf(Service("web", ("db", condition)), Service("db"));
        tree.Happens(new TreeEvent.TimerElapsed());

        tree.HostLinks("web").Should().NotContain(effect => effect is Effect.StartService);
        tree.HostLinks("db");

        tree.Reports("db", phase).OfType<Effect.StartService>().Single().Service.Should().Be("web");
    }

    [Theory]
    [InlineData(true, 200, false)]
    [InlineData(true, null, false)]
    [InlineData(false, null, false)]
    [InlineData(true, 200, true)]
    [InlineData(false, 200, false)]
    public void During_a_validation_a_service_is_up_only_if_its_server_was(bool hasProbe, int? pid, bool isReady)
    {
        var spec = Service("db") with { Ready = hasProbe ? new ReadySpec.OutputLine("ready", TimeSpan.FromSeconds(60)) : null };
        var status = TreeOf(spec).Slot("db").Status with { State = ServicePhase.Validating, Pid = pid, ReadyAt = isReady ? Noon : null };

        DependencyRule.IsUp(spec, status).Should().Be(hasProbe ? isReady : pid is not null);
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public void A_service_without_a_process_is_never_up(ServicePhase phase) => DependencyRule.IsUp(
        Service("db"), TreeOf(Service("db")).Slot("db").Status with { State = phase, Pid = null, ReadyAt = Noon }).Should().BeFalse();

    public static TheoryData<ServicePhase> Phases => [.. Enum.GetValues<ServicePhase>()];

    [Fact]
    public void A_service_whose_dependency_fails_stays_pending_with_a_reason()
    {
        var tree = TreeOf(Service("web", ("db", DependencyCondition.Ready)), Service("db"));
        tree.Happens(new TreeEvent.TimerElapsed());
        tree.HostLinks("web");
        tree.HostLinks("db");

        tree.Reports("db", ServicePhase.CrashLoop).Should().BeEmpty();

        Dependencies.Unmet("web", tree.Plan, tree.State).Should().Be("waits for db to be ready (it is in a crash loop)");
    }

    [Theory]
    [InlineData(ServicePhase.Running, false)]
    [InlineData(ServicePhase.Backoff, false)]
    [InlineData(ServicePhase.Blocked, false)]
    [InlineData(ServicePhase.Completed, true)]
    [InlineData(ServicePhase.Failed, true)]
    [InlineData(ServicePhase.CrashLoop, true)]
    public void What_waits_for_the_end_of_a_service_starts_once_it_does_not_start_again_by_itself(ServicePhase phase, bool starts)
    {
        var tree = TreeOf(Service("report", ("tests", DependencyCondition.Ended)), Service("tests"));
        tree.Happens(new TreeEvent.TimerElapsed());
        tree.HostLinks("report");
        tree.HostLinks("tests");

        tree.Reports("tests", phase).OfType<Effect.StartService>().Should().HaveCount(starts ? 1 : 0);
        Dependencies.Unmet("report", tree.Plan, tree.State)?.Should().StartWith("waits for tests to be ended (");
    }

    [Fact]
    public void A_service_that_is_started_alone_waits_for_nothing_and_stays_so_over_the_death_of_its_host()
    {
        var tree = TreeOf(Service("web", ("db", DependencyCondition.Ready)), Service("db"));
        tree.IsUp("db", "web");
        tree.Happens(new TreeEvent.StopRequested(["web", "db"], Now: false));
        tree.HostStops("web");
        tree.HostStops("db");

        tree.Happens(new TreeEvent.StartRequested(["web"], Alone: true)).OfType<Effect.StartService>().Single().Service.Should().Be("web");
        tree.Reports("web", ServicePhase.Running);
        tree.Happens(new TreeEvent.HostExited("web", tree.Slot("web").Run, "killed"));
        tree.Happens(new TreeEvent.HostCleared("web", tree.Slot("web").Run));
        tree.Advance(1);
        tree.HostLinks("web").OfType<Effect.StartService>().Single().Service.Should().Be("web");
        (tree.Slot("db").Desired is DesiredState.Down).Should().BeTrue();
    }

    [Fact]
    public void No_more_services_start_at_once_than_the_limit_allows()
    {
        var tree = TreeOf([Service("a"), Service("b"), Service("c")], [], maxStarting: 2);
        tree.Happens(new TreeEvent.TimerElapsed());
        tree.HostLinks("a");
        tree.HostLinks("b");
        tree.HostLinks("c").Should().BeEmpty();

        tree.Reports("a", ServicePhase.Ready).OfType<Effect.StartService>().Single().Service.Should().Be("c");
    }

    [Fact]
    public void A_command_that_starts_a_service_starts_its_dependencies_first()
    {
        var tree = TreeOf(Service("web", ("db", DependencyCondition.Ready)), Service("db"));
        tree.IsUp("db", "web");
        tree.Happens(new TreeEvent.StopRequested(["web", "db"], Now: false));
        tree.HostStops("web");
        tree.HostStops("db");

        tree.Happens(new TreeEvent.StartRequested(["web"])).OfType<Effect.StartService>().Single()
            .Should().Match<Effect.StartService>(start => start.Service == "db" && start.Cause == "dependency");
        tree.Reports("db", ServicePhase.Ready).OfType<Effect.StartService>().Single().Cause.Should().Be("manual");
    }

    [Theory]
    [InlineData(ServicePhase.CrashLoop)]
    [InlineData(ServicePhase.Failed)]
    [InlineData(ServicePhase.Blocked)]
    public void A_start_command_starts_a_service_that_is_down_for_good_and_is_not_answered_with_that_earlier_end(ServicePhase down)
    {
        var tree = TreeOf(Service("web"));
        tree.IsUp("web");
        tree.Reports("web", down).Should().BeEmpty();

        tree.Happens(new TreeEvent.StartRequested(["web"])).OfType<Effect.StartService>().Should().ContainSingle();

        var report = new Board(new TreeStatus("/there/supervisor.json", 1, Noon, "test", 0), tree.State).Report;
        report.StatusOf("web").State.Should().Be(ServicePhase.Starting);
        OutcomeRules.Up("web", tree.Plan, report).Should().BeNull("the outcome of this start is still to come");
    }
}
