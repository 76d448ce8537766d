using Supervisor.Stress.Observing;

namespace Supervisor.Unit.Stress;

public sealed class LedgerTailSpecs
{
    private readonly LedgerTail _tail = new();

    [Fact]
    public void All_entries_of_the_first_answer_are_new() => NewEntries(1, 2, 3).Should().Equal(1, 2, 3);

    [Fact]
    public void An_empty_ledger_has_no_new_entries() => NewEntries().Should().BeEmpty();

    [Fact]
    public void Each_entry_is_new_once()
    {
        NewEntries(1, 2, 3);

        NewEntries(1, 2, 3).Should().BeEmpty();
        NewEntries(2, 3, 4, 5).Should().Equal(4, 5);
        NewEntries(3, 4, 5, 6).Should().Equal(6);
    }

    [Fact]
    public void A_longer_answer_does_not_repeat_old_entries()
    {
        NewEntries(3, 4);

        NewEntries(1, 2, 3, 4, 5).Should().Equal(5);
    }

    [Fact]
    public void An_answer_that_does_not_reach_back_far_enough_does_not_overlap()
    {
        NewEntries(1, 2);

        _tail.Overlaps(Entries(2, 3)).Should().BeTrue();
        _tail.Overlaps(Entries(3, 4)).Should().BeFalse();
        NewEntries(3, 4).Should().Equal(3, 4);
    }

    [Fact]
    public void A_failed_read_loses_no_entries()
    {
        NewEntries(1, 2);
        NewEntries().Should().BeEmpty();

        NewEntries(1, 2, 3).Should().Equal(3);
    }

    private static LedgerEntry[] Entries(params int[] generations) =>
    [
        .. generations.Select(generation => new LedgerEntry(
            DateTimeOffset.UnixEpoch, "started", "files", generation, Pid: 1, Files: ["a.py"], Exit: null, Detail: null, DowntimeMs: null)),
    ];

    private IEnumerable<int> NewEntries(params int[] generations) => _tail.NewEntries(Entries(generations)).Select(entry => entry.Generation);
}
