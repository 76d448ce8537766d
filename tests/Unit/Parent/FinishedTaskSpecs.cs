using Supervisor.Parent.Control;
using Supervisor.Parent.Supervision;
using static Supervisor.Unit.Parent.TestTree;

namespace Supervisor.Unit.Parent;

/// <summary>Tasks that have ended, and services that wait for them.</summary>
public sealed class FinishedTaskSpecs
{
    [Fact]
    public void The_start_of_a_dependant_orders_a_failed_task_again()
    {
        var tree = TaskAndWeb(DependencyCondition.Completed, ServicePhase.Failed);

        tree.Happens(new TreeEvent.StartRequested(["web"])).OfType<Effect.StartService>().Single()
            .Should().Match<Effect.StartService>(start => start.Service == "task" && start.Cause == "dependency");
        tree.Reports("task", ServicePhase.Completed).OfType<Effect.StartService>().Single().Service.Should().Be("web");
    }

    [Theory]
    [InlineData(DependencyCondition.Completed, false)]
    [InlineData(DependencyCondition.Started, false)]
    [InlineData(DependencyCondition.Ready, true)]
    public void The_start_of_a_dependant_orders_what_has_completed_only_if_it_is_to_be_ready(DependencyCondition condition, bool isOrdered)
    {
        var tree = TaskAndWeb(condition, ServicePhase.Completed);

        var ordered = tree.Happens(new TreeEvent.StartRequested(["web"])).OfType<Effect.StartService>().Select(start => start.Service);

        ordered.Contains("task", StringComparer.Ordinal).Should().Be(isOrdered);
    }

    [Fact]
    public void A_service_that_waits_for_one_that_waits_names_the_cause()
    {
        var tree = TreeOf(Service("late", ("web", DependencyCondition.Started)), Service("web", ("task", DependencyCondition.Completed)), Service("task"));
        tree.Happens(new TreeEvent.TimerElapsed());
        tree.HostLinks("late");
        tree.HostLinks("web");
        tree.HostLinks("task");

        Reason().Should().Be("waits for web to be started (it waits for task to be completed (not yet))");
        tree.Reports("task", ServicePhase.CrashLoop);
        Reason().Should().Be("waits for web to be started (it waits for task to be completed (it is in a crash loop))");
        tree.Happens(new TreeEvent.StopRequested(["web"], Now: false));
        Reason().Should().Be("waits for web to be started (it was stopped; start it)");

        string? Reason() => new Board(new TreeStatus("/there/supervisor.json", 1, Noon, "test", 0), tree.State).Report.StatusOf("late").Reason;
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_service_that_was_never_started_was_waiting_when_the_earlier_parent_died(int generation, bool isToRun)
    {
        var tree = TreeOf([Service("web")], ["web"]);
        tree.Happens(new TreeEvent.TimerElapsed());
        var status = tree.Slot("web").Status with { State = ServicePhase.Stopped, Generation = generation };

        tree.Happens(new TreeEvent.HostLinked("web", 0, new HostWelcome(1, "test", 100, tree.Plan.HashOf("web")!, status)));

        (tree.Slot("web").Desired is DesiredState.Run).Should().Be(isToRun);
    }

    private static TestTree TaskAndWeb(DependencyCondition condition, ServicePhase phase)
    {
        var tree = TreeOf(Service("web", ("task", condition)), Service("task"));
        tree.Happens(new TreeEvent.TimerElapsed());
        tree.HostLinks("web");
        tree.HostLinks("task");
        tree.Happens(new TreeEvent.HostReported("task", tree.Slot("task").Run, tree.Slot("task").Status with { State = phase, Generation = 1 }));
        return tree;
    }
}
