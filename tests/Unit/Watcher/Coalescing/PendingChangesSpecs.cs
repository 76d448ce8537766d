using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Unit.Watcher.Coalescing;

public sealed class PendingChangesSpecs
{
    private static readonly FileState Old = new(FileKind.File, 0, 1, 1, 3, 10, 10, ContentHash: 7);
    private static readonly FileState New = Old with { ModifiedNs = 20, ChangedNs = 20, ContentHash = 8 };

    [Fact]
    public void A_cut_takes_children_before_a_removed_parent_and_a_new_parent_before_its_children()
    {
        var pending = new PendingChanges(CompareMode.Content);
        pending.Record("/p/new", null, Old with { Kind = FileKind.Directory });
        pending.Record("/p/new/f", null, Old);
        pending.Record("/p/old", Old with { Kind = FileKind.Directory }, null);
        pending.Record("/p/old/f", Old, null);

        pending.Take(1).Single().Path.Should().Be("/p/old/f");
        pending.Take(2).Select(change => change.Path).Should().Equal("/p/old", "/p/new");
        pending.Take(9).Single().Path.Should().Be("/p/new/f");
    }

    [Fact]
    public void A_snapshot_can_ask_how_a_path_stood_at_the_last_batch()
    {
        var pending = new PendingChanges(CompareMode.Content);
        pending.Record("/changed", Old, New);
        pending.Record("/added", null, New);
        pending.Record("/removed", Old, null);

        pending.TryGetBefore("/changed", out var before).Should().BeTrue();
        before.Should().Be(Old);
        pending.TryGetBefore("/added", out before).Should().BeTrue();
        before.Should().BeNull();
        pending.TryGetBefore("/untouched", out _).Should().BeFalse();
        pending.Removed.Select(change => change.Path).Should().Equal("/removed");
    }

    [Fact]
    public void A_taken_change_is_the_baseline_of_the_next_one()
    {
        var pending = new PendingChanges(CompareMode.Content);
        pending.Record("/f", Old, New);
        pending.Take(1);
        pending.Record("/f", New, Old);

        pending.Take(1).Should().Equal(new NetChange("/f", New, Old));
    }
}
