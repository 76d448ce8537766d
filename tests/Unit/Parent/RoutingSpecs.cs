using Supervisor.Parent.Supervision;
using static Supervisor.Unit.Parent.TestTree;

namespace Supervisor.Unit.Parent;

public sealed class RoutingSpecs
{
    private readonly TestTree _tree = TreeOf(Service("web"), Service("db")).WatcherIsUp().IsUp("db", "web");

    [Fact]
    public void Each_host_gets_its_changes_and_the_batch_is_applied_when_all_have_recorded_them()
    {
        _tree.Batch(1, "web", "db").OfType<Effect.SendChange>().Select(send => send.Service).Should().BeEquivalentTo("web", "db");

        Records("web").Should().BeEmpty();

        Records("db").Should().ContainSingle().Which.Should().BeOfType<Effect.RecordApplied>().Which.Applied.Applied.Should().Be("c1");
    }

    [Fact]
    public void A_batch_for_no_host_is_applied_at_once() =>
        _tree.Batch(1).Should().ContainSingle().Which.Should().BeOfType<Effect.RecordApplied>();

    [Fact]
    public void Batches_are_applied_in_the_order_of_arrival()
    {
        _tree.Batch(1, "web");
        _tree.Batch(2, "db");

        Records("db").Should().BeEmpty("the first batch is still on its way");
        var first = Records("web").OfType<Effect.RecordApplied>().Single();
        _tree.ConfirmRecorded(first).OfType<Effect.RecordApplied>().Single().Applied.Applied.Should().Be("c2");
    }

    [Fact]
    public void Changes_for_a_busy_host_are_merged_into_one()
    {
        _tree.Batch(1, "web");
        _tree.Batch(2, "web").Should().BeEmpty();
        _tree.Batch(3, "web").Should().BeEmpty();

        Records("web").OfType<Effect.SendChange>().Single().Change.Order.Cursor.Should().Be("c3");
    }

    [Fact]
    public void A_change_without_an_answer_is_sent_again()
    {
        _tree.Batch(1, "web");
        _tree.Happens(new TreeEvent.HostUnlinked("web", 1));
        _tree.Happens(new TreeEvent.ChangeAnswered("web", 1, Recorded: false));

        _tree.HostLinks("web", ServicePhase.Ready).OfType<Effect.SendChange>().Single().Change.Order.Cursor.Should().Be("c1");
    }

    [Fact]
    public void Changes_for_a_dead_host_are_dropped_because_its_next_server_reads_the_newest_files()
    {
        _tree.Batch(1, "web");

        _tree.HostExits("web").OfType<Effect.RecordApplied>().Should().ContainSingle();
    }

    [Fact]
    public void A_stopped_service_gets_no_changes()
    {
        _tree.Happens(new TreeEvent.StopRequested(["web"], Now: false));
        _tree.HostStops("web");

        _tree.Batch(1, "web").Should().ContainSingle().Which.Should().BeOfType<Effect.RecordApplied>();
    }

    [Fact]
    public void The_next_watcher_resumes_from_the_last_applied_batch_and_not_from_one_in_flight()
    {
        _tree.ConfirmRecorded(_tree.Batch(1).OfType<Effect.RecordApplied>().Single());
        _tree.Batch(2, "web");

        _tree.WatcherExits().OfType<Effect.SpawnWatcher>().Single().Baseline.Applied.Should().Be("c1");
    }

    [Fact]
    public void The_next_watcher_waits_while_a_batch_is_being_recorded()
    {
        var record = _tree.Batch(1).OfType<Effect.RecordApplied>().Single();
        _tree.WatcherExits().Should().BeEmpty();

        _tree.ConfirmRecorded(record).OfType<Effect.SpawnWatcher>().Single().Baseline.Applied.Should().Be("c1");
    }

    [Fact]
    public void A_batch_of_an_earlier_watcher_is_ignored()
    {
        var batch = new ChangeBatch(1, "late", Noon, [new ServiceChange("web", [], 0, true)]);

        _tree.Happens(new TreeEvent.BatchArrived(1, 9, batch)).Should().BeEmpty();
    }

    [Fact]
    public void The_watermark_never_moves_backwards()
    {
        var record = _tree.Batch(1).OfType<Effect.RecordApplied>().Single();

        record.Applied.Watermark.Should().Be(Noon, "the batch is sent less than the longest hold-back after the start of the tree");
    }

    [Fact]
    public void Unseen_spans_reach_their_host_merged_into_one()
    {
        _tree.Batch(1, "web");
        Unseen(2, from: 5, to: 6);
        Unseen(3, from: 4, to: 5);

        Records("web").OfType<Effect.SendChange>().Single().Change.Order.Unseen.Should().Be(Span(4, 6));
    }

    [Fact]
    public void An_actual_change_covers_unseen_spans_before_and_after_it()
    {
        _tree.Batch(1, "web");
        Unseen(2, from: 5, to: 6);
        _tree.Batch(3, "web");
        Unseen(4, from: 7, to: 8);

        Records("web").OfType<Effect.SendChange>().Single().Change.Order.Should().Match<ChangeOrder>(order =>
            order.Unseen == null && order.Cursor == "c4" && order.Files.Single() == "/there/a.py");
    }

    [Fact]
    public void The_next_watcher_gets_the_time_up_to_which_the_last_one_had_reported_everything()
    {
        _tree.ConfirmRecorded(_tree.Batch(1).OfType<Effect.RecordApplied>().Single());
        var beat = new Heartbeat(_tree.State.Watcher.Epoch, 2, WatcherPhase.Watching, "inotify", 1, 1, 0, 1, Noon.AddMinutes(5));
        _tree.Happens(new TreeEvent.WatcherHeartbeat(_tree.State.Watcher.Epoch, beat));
        _tree.Happens(new TreeEvent.WatcherHeartbeat(_tree.State.Watcher.Epoch, beat with { Sequence = 3, ToldUntil = null }));

        _tree.WatcherExits().OfType<Effect.SpawnWatcher>().Single().Baseline.Should().Be(new WatchBaseline("c1", Noon.AddMinutes(5)));
    }

    private static UnseenSpan Span(int from, int to) => new(Noon.AddSeconds(from), Noon.AddSeconds(to));

    private void Unseen(long ticket, int from, int to) => _tree.Happens(new TreeEvent.BatchArrived(_tree.State.Watcher.Epoch, ticket,
        new ChangeBatch(_tree.State.Watcher.Epoch, "c" + ticket, Noon, [new ServiceChange("web", [], 0, LostTrack: false, Span(from, to))])));

    private IReadOnlyList<Effect> Records(string service) => _tree.Happens(new TreeEvent.ChangeAnswered(service, _tree.Slot(service).Run, Recorded: true));
}
