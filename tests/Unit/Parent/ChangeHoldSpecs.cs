using Supervisor.Parent.Control;
using Supervisor.Parent.Supervision;
using static Supervisor.Unit.Parent.TestTree;

namespace Supervisor.Unit.Parent;

/// <summary>The parent keeps the holds, which outlive watchers.</summary>
public sealed class ChangeHoldSpecs
{
    private readonly TestTree _tree = TreeOf(Service("web")).IsUp("web").WatcherIsUp();

    [Fact]
    public void The_first_hold_and_the_last_release_are_sent_to_the_watcher()
    {
        Holds("build", 1).Should().Equal(true);
        WatcherApplies(true);
        Holds("generator", 2).Should().BeEmpty("the watcher already holds changes");

        Releases("build").Should().BeEmpty("the generator still holds changes");
        Releases("generator").Should().Equal(false);
    }

    [Fact]
    public void A_release_is_sent_after_a_hold_that_is_still_in_flight()
    {
        Holds("build", 1).Should().Equal(true);
        Releases("build").Should().BeEmpty("one hold at a time");

        WatcherApplies(true).Should().Equal(false);
    }

    [Fact]
    public void A_watcher_spawned_during_a_hold_starts_with_it()
    {
        Holds("build", 1);
        WatcherApplies(true);

        _tree.WatcherExits().OfType<Effect.SpawnWatcher>().Single().Held.Should().BeTrue();
        _tree.WatcherIsUp();
        _tree.Effects.OfType<Effect.HoldWatcher>().Should().ContainSingle("its hello contains the hold");
        Releases("build").Should().Equal(false);
    }

    [Fact]
    public void A_hold_requested_during_the_handshake_is_sent_afterwards()
    {
        _tree.WatcherExits();
        Holds("build", 1).Should().BeEmpty();

        _tree.WatcherIsUp();
        _tree.Effects.OfType<Effect.HoldWatcher>().Single().Held.Should().BeTrue();
    }

    [Fact]
    public void The_end_of_a_holder_releases_its_hold_and_no_later_one_of_the_same_name()
    {
        Holds("build", 1);
        WatcherApplies(true);
        Releases("build");
        WatcherApplies(false);
        Holds("build", 2);
        WatcherApplies(true);

        _tree.Happens(new TreeEvent.HolderEnded(1)).Should().BeEmpty();
        _tree.Happens(new TreeEvent.HolderEnded(2)).OfType<Effect.HoldWatcher>().Single().Held.Should().BeFalse();
    }

    [Fact]
    public void A_hold_can_be_renewed_only_by_its_holder()
    {
        Holds("build", 1);
        WatcherApplies(true);
        _tree.Happens(new TreeEvent.HoldRequested(HoldOf("build", 2, pid: 8), TimeSpan.FromMinutes(1)));
        _tree.State.Holds["build"].Ticket.Should().Be(1, "another process has it");

        _tree.Advance(30);
        _tree.Happens(new TreeEvent.HoldRequested(HoldOf("build", 3) with { Since = Noon.AddSeconds(30) }, TimeSpan.FromMinutes(1)));

        _tree.State.Holds["build"].Should().BeEquivalentTo(new { Ticket = 3, Since = Noon, Until = _tree.Now + TimeSpan.FromMinutes(1) });
    }

    [Fact]
    public void A_hold_that_times_out_is_released_and_logged()
    {
        Holds("build", 1);
        WatcherApplies(true);

        var effects = _tree.AdvanceWithHeartbeats(61);

        effects.OfType<Effect.LogOverdueHold>().Single().Hold.Holder.Should().Be("process 7: make");
        effects.OfType<Effect.HoldWatcher>().Single().Held.Should().BeFalse();
        _tree.State.Holds.Should().BeEmpty();
    }

    [Fact]
    public void A_stopping_tree_releases_all_holds()
    {
        Holds("build", 1);
        _tree.Happens(new TreeEvent.StopAllRequested(Now: false));
        Holds("late", 2);

        _tree.State.Holds.Should().BeEmpty();
    }

    [Fact]
    public void The_board_shows_a_hold_once_the_watcher_applies_it()
    {
        var board = new Board(new TreeStatus("/there/supervisor.json", 1, Noon, "test", 0), _tree.State);
        Holds("build", 1);
        board.Show(_tree.State);
        board.Report.Watcher.Holds.Should().BeEmpty("the watcher has not applied it yet");

        WatcherApplies(true);
        board.Show(_tree.State);
        board.Report.Watcher.Holds.Should().Equal(new HoldStatus("build", "process 7: make", Noon));

        _tree.WatcherExits();
        board.Show(_tree.State);
        board.Report.Watcher.Holds.Should().ContainSingle("the next watcher gets it in its hello");
    }

    [Fact]
    public void The_watermark_waits_for_changes_that_a_hold_keeps_back()
    {
        var batch = new ChangeBatch(_tree.State.Watcher.Epoch, "c1", Noon.AddMinutes(9), [], ToldUntil: Noon);

        _tree.Happens(new TreeEvent.BatchArrived(batch.Epoch, 1, batch)).OfType<Effect.RecordApplied>().Single()
            .Applied.Watermark.Should().Be(Noon);
    }

    private IEnumerable<bool> Holds(string name, long ticket) => HoldEffects(_tree.Happens(new TreeEvent.HoldRequested(HoldOf(name, ticket), TimeSpan.FromMinutes(1))));

    private IEnumerable<bool> Releases(string name) => HoldEffects(_tree.Happens(new TreeEvent.ReleaseRequested([name])));

    private IEnumerable<bool> WatcherApplies(bool held) => HoldEffects(_tree.Happens(new TreeEvent.WatcherHoldApplied(_tree.State.Watcher.Epoch, held)));

    private static IEnumerable<bool> HoldEffects(IReadOnlyList<Effect> effects) => effects.OfType<Effect.HoldWatcher>().Select(hold => hold.Held);
}
