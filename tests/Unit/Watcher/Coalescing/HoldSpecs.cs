using Supervisor.Watcher.Coalescing;

namespace Supervisor.Unit.Watcher.Coalescing;

public sealed class HoldSpecs
{
    private const string Lock = "/p/.git/index.lock";

    [Fact]
    public void A_slow_writer_is_waited_for_until_it_closes()
    {
        var holds = new PathHolds();
        holds.Written("/f", Ms(0));
        holds.Written("/f", Ms(20));
        holds.HeldUntil(Ms(30)).Should().Be(Ms(220));

        holds.Closed("/f");
        holds.HeldUntil(Ms(30)).Should().BeNull();
    }

    [Fact]
    public void A_writer_that_keeps_the_file_open_is_waited_for_until_it_pauses()
    {
        var holds = new PathHolds();
        holds.Written("/f", Ms(0));

        holds.HeldUntil(Ms(199)).Should().Be(Ms(200));
        holds.HeldUntil(Ms(200)).Should().BeNull();
    }

    [Fact]
    public void A_deleted_file_may_come_back()
    {
        var holds = new PathHolds();
        holds.Removed("/f", Ms(0));

        holds.HeldUntil(Ms(10)).Should().Be(Ms(60));
    }

    [Fact]
    public void Paths_beyond_the_capacity_hold_as_well()
    {
        var holds = new PathHolds();
        for (var i = 0; i < 5_000; i++)
            holds.Written($"/f{i}", Ms(i));

        holds.HeldUntil(Ms(5_000)).Should().Be(Ms(5_199));
        holds.Clear();
        holds.HeldUntil(Ms(5_000)).Should().BeNull();
    }

    [Fact]
    public void A_checkout_holds_until_its_lock_is_gone()
    {
        var hold = new VersionControlHold();
        hold.Seen(Lock, exists: true, Ms(0));
        hold.Decide(Ms(5)).Until.Should().Be(Ms(10_000));

        hold.Seen(Lock, exists: false, Ms(700));
        hold.Decide(Ms(700)).Until.Should().BeNull();
    }

    [Fact]
    public void Looking_at_a_lock_again_does_not_prolong_it()
    {
        var hold = new VersionControlHold();
        hold.Seen(Lock, exists: true, Ms(0));
        hold.Seen(Lock, exists: true, Ms(9_000));

        hold.Decide(Ms(9_000)).Until.Should().Be(Ms(10_000));
    }

    [Fact]
    public void The_lock_of_a_killed_git_is_named_once_and_holds_no_more()
    {
        var hold = new VersionControlHold();
        hold.Seen(Lock, exists: true, Ms(0));

        var first = hold.Decide(Ms(10_000));
        first.Until.Should().BeNull();
        first.Stale.Should().Equal(Lock);
        hold.Decide(Ms(10_001)).Stale.Should().BeEmpty();
    }

    [Fact]
    public void A_rebase_that_waits_for_the_user_neither_holds_nor_complains()
    {
        var hold = new VersionControlHold();
        hold.Seen("/p/.git/rebase-merge", exists: true, Ms(0));

        hold.Decide(Ms(60_000)).Should().BeEquivalentTo(new VersionControlDecision(null, []));
    }

    [Fact]
    public void The_next_git_command_during_a_long_rebase_holds_anew()
    {
        var hold = new VersionControlHold();
        hold.Seen("/p/.git/rebase-merge", exists: true, Ms(0));
        hold.Seen(Lock, exists: true, Ms(60_000));

        hold.Decide(Ms(60_000)).Until.Should().Be(Ms(70_000));
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
