using Supervisor.Parent.Supervision;
using static Supervisor.Unit.Parent.TestTree;

namespace Supervisor.Unit.Parent;

/// <summary>No sequence of events brings the machine into a state from which the tree cannot be stopped.</summary>
public sealed class EveryPairSpecs
{
    private static readonly Func<TestTree, TreeEvent>[] Everything =
    [
        _ => new TreeEvent.TimerElapsed(),
        tree => new TreeEvent.WatcherSpawned(tree.State.Watcher.Epoch, 50),
        tree => new TreeEvent.WatcherLinked(tree.State.Watcher.Epoch),
        tree => new TreeEvent.WatcherAnswered(tree.State.Watcher.Epoch),
        tree => new TreeEvent.WatcherHeartbeat(tree.State.Watcher.Epoch, Beat(tree.State.Watcher.Epoch)),
        tree => new TreeEvent.WatcherSampled(tree.State.Watcher.Epoch, new WatcherSample(1, 0)),
        tree => new TreeEvent.WatcherHoldApplied(tree.State.Watcher.Epoch, Held: true),
        tree => new TreeEvent.WatcherHoldApplied(tree.State.Watcher.Epoch, Held: false),
        tree => new TreeEvent.WatcherFailed(tree.State.Watcher.Epoch, "test"),
        tree => new TreeEvent.WatcherExited(tree.State.Watcher.Epoch, new ExitStatus(ExitKind.Signal, null, "SIGSEGV", Noon)),
        tree => new TreeEvent.BatchArrived(tree.State.Watcher.Epoch, 1, new ChangeBatch(tree.State.Watcher.Epoch, "c", Noon, [new ServiceChange("web", [], 0, true)])),
        _ => new TreeEvent.BatchApplied(1, new WatchBaseline("c", Noon)),
        tree => new TreeEvent.HostSpawned("web", tree.Slot("web").Run, 100),
        tree => new TreeEvent.HostLinked("web", tree.Slot("web").Run, new HostWelcome(1, "t", 100, tree.Plan.HashOf("web") ?? "gone", tree.Slot("web").Status)),
        tree => new TreeEvent.HostBeat("web", tree.Slot("web").Run),
        tree => new TreeEvent.HostUnlinked("web", tree.Slot("web").Run),
        tree => new TreeEvent.HostReported("web", tree.Slot("web").Run, tree.Slot("web").Status with { State = ServicePhase.Ready }),
        tree => new TreeEvent.HostStopped("web", tree.Slot("web").Run, tree.State.LastOrder, tree.Slot("web").Status with { State = ServicePhase.Stopped }),
        tree => new TreeEvent.HostRestarted("web", tree.Slot("web").Run, tree.State.LastOrder, new ServiceOutcome("web", true, "test", null)),
        tree => new TreeEvent.HostFailed("web", tree.Slot("web").Run, "test"),
        tree => new TreeEvent.HostExited("web", tree.Slot("web").Run, "test"),
        tree => new TreeEvent.HostCleared("web", tree.Slot("web").Run),
        tree => new TreeEvent.ChangeAnswered("web", tree.Slot("web").Run, Recorded: true),
        tree => new TreeEvent.ChangeAnswered("web", tree.Slot("web").Run, Recorded: false),
        _ => new TreeEvent.StartRequested(["web"]),
        _ => new TreeEvent.RestartRequested(["web"], Force: false),
        _ => new TreeEvent.StopRequested(["web"], Now: false),
        _ => new TreeEvent.StopRequested(["web"], Now: true),
        _ => new TreeEvent.WatcherRestartRequested(),
        tree => new TreeEvent.ConfigurationRead(tree.Plan, new ConfigurationChange(null, ["supervisor.json:1:1: test"])),
        tree => new TreeEvent.PlanReplaced(tree.Plan, tree.Plan.With(tree.Plan.Spec with { Services = [Service("web") with { Port = 80 }, Service("db")] })),
        tree => new TreeEvent.PlanReplaced(tree.Plan, tree.Plan.With(tree.Plan.Spec with { Services = [Service("db")] })),
        tree => new TreeEvent.PlanReplaced(tree.Plan, tree.Plan.With(tree.Plan.Spec with { Services = [Service("web", ("db", DependencyCondition.Ready)), Service("db")] })),
        _ => new TreeEvent.HoldRequested(HoldOf("build", ticket: 1), TimeSpan.FromSeconds(1)),
        _ => new TreeEvent.ReleaseRequested(["build", "unheard of"]),
        _ => new TreeEvent.HolderEnded(1),

        // Events of the standby, if there is one.
        tree => new TreeEvent.WatcherSpawned(Standby(tree), 51),
        tree => new TreeEvent.WatcherLinked(Standby(tree)),
        tree => new TreeEvent.WatcherHeartbeat(Standby(tree), Beat(Standby(tree))),
        tree => new TreeEvent.WatcherSampled(Standby(tree), new WatcherSample(1, 0)),
        tree => new TreeEvent.WatcherFailed(Standby(tree), "test"),
        tree => new TreeEvent.WatcherExited(Standby(tree), new ExitStatus(ExitKind.Signal, null, "SIGSEGV", Noon)),
    ];

    [Fact]
    public void Every_event_is_tried()
    {
        var tree = TreeOf(Service("web"));

        Everything.Select(make => make(tree).GetType()).Distinct().Should().BeEquivalentTo(
            typeof(TreeEvent).GetNestedTypes(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public)
                .Where(type => !type.IsAbstract && type != typeof(TreeEvent.StopAllRequested)));
    }

    [Fact]
    public void After_any_two_events_the_tree_can_still_be_stopped()
    {
        foreach (var first in Everything)
        {
            foreach (var second in Everything)
                Stops(Everything.Take(1).Append(first).Append(second));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_any_sequence_of_events_the_tree_can_still_be_stopped(int seed)
    {
        var random = new Random(seed);

        for (var round = 0; round < 300; round++)
            Stops(Enumerable.Range(0, 60).Select(_ => Everything[random.Next(Everything.Length)]));
    }

    private static long Standby(TestTree tree) => tree.State.Replacement?.Standby.Epoch ?? long.MaxValue;

    /// <summary>Simulates the processes: each of them ends and its end is reported.</summary>
    private static void Stops(IEnumerable<Func<TestTree, TreeEvent>> events)
    {
        var tree = TreeOf(Service("web", ("db", DependencyCondition.Started)), Service("db"));

        foreach (var make in events)
            tree.Happens(make(tree));

        tree.Happens(new TreeEvent.StopAllRequested(Now: false));

        for (var step = 0; step < 60 && !tree.State.IsOver; step++)
        {
            foreach (var slot in tree.State.Hosts.Values)
            {
                tree.Happens(new TreeEvent.HostExited(slot.Service, slot.Run, "gone"));
                tree.Happens(new TreeEvent.HostCleared(slot.Service, slot.Run));
            }

            if (tree.State.Watcher.State is WatcherState.Stopping)
                tree.WatcherExits(0);

            if (tree.State.Replacement?.Standby.State is WatcherState.Stopping)
                tree.StandbyExits();
        }

        tree.State.IsOver.Should().BeTrue();
    }
}
