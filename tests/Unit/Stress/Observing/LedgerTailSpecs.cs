using Supervisor.Stress.Observing;

namespace Supervisor.Unit.Stress;

public sealed class LedgerTailSpecs
{
    private readonly LedgerTail _tail = new();

    [Fact]
    public void The_first_answer_is_all_news() => News(1, 2, 3).Should().Equal(1, 2, 3);

    [Fact]
    public void An_empty_ledger_is_no_news() => News().Should().BeEmpty();

    [Fact]
    public void Each_entry_is_news_once()
    {
        News(1, 2, 3);

        News(1, 2, 3).Should().BeEmpty();
        News(2, 3, 4, 5).Should().Equal(4, 5);
        News(3, 4, 5, 6).Should().Equal(6);
    }

    [Fact]
    public void A_longer_answer_brings_nothing_old_back()
    {
        News(3, 4);

        News(1, 2, 3, 4, 5).Should().Equal(5);
    }

    [Fact]
    public void An_answer_that_does_not_reach_back_far_enough_does_not_join()
    {
        News(1, 2);

        _tail.Joins(Entries(2, 3)).Should().BeTrue();
        _tail.Joins(Entries(3, 4)).Should().BeFalse();
        News(3, 4).Should().Equal(3, 4);
    }

    [Fact]
    public void A_ledger_that_could_not_be_read_forgets_nothing()
    {
        News(1, 2);
        News().Should().BeEmpty();

        News(1, 2, 3).Should().Equal(3);
    }

    private static LedgerEntry[] Entries(params int[] generations) =>
    [
        .. generations.Select(generation => new LedgerEntry(
            DateTimeOffset.UnixEpoch, "started", "files", generation, Pid: 1, Files: ["a.py"], Exit: null, Detail: null, DowntimeMs: null)),
    ];

    private IEnumerable<int> News(params int[] generations) => _tail.News(Entries(generations)).Select(entry => entry.Generation);
}
