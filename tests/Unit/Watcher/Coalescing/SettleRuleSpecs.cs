using Supervisor.Watcher.Coalescing;

namespace Supervisor.Unit.Watcher.Coalescing;

public sealed class SettleRuleSpecs
{
    private static readonly SettleRule Adaptive = new(Fixed: null);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(20, 10)]
    [InlineData(21, 50)]
    [InlineData(1_000, 50)]
    [InlineData(1_001, 100)]
    public void The_more_there_is_the_longer_it_must_be_quiet(int paths, int quiet)
    {
        var state = State(paths, first: 0, last: 300 - quiet);

        Adaptive.Decide(state, Ms(300 - quiet)).Should().Be(Wait(300));
        Adaptive.Decide(state, Ms(300)).Should().Be(new SettleDecision.DeliverNow());
    }

    [Theory]
    [InlineData(20, 50)]
    [InlineData(100, 50)]
    [InlineData(300, 150)]
    [InlineData(500, 250)]
    [InlineData(2_500, 250)]
    public void A_storm_must_be_quiet_for_half_as_long_as_it_lasted(int lasted, int quiet) =>
        Adaptive.Decide(State(5_000, first: 0, last: lasted), Ms(lasted)).Should().Be(Wait(lasted + quiet));

    [Theory]
    [InlineData(1, 300)]
    [InlineData(100, 1_000)]
    [InlineData(5_000, 3_000)]
    public void A_steady_stream_is_cut(int paths, int latest)
    {
        Adaptive.Decide(State(paths, first: 0, last: latest - 1), Ms(latest - 1)).Should().Be(Wait(latest));
        Adaptive.Decide(State(paths, first: 0, last: latest), Ms(latest)).Should().Be(new SettleDecision.DeliverNow());
    }

    [Fact]
    public void A_file_that_is_being_written_holds_its_batch()
    {
        var state = State(1, first: 0, last: 0) with { PathsHeldUntil = Ms(200) };

        Adaptive.Decide(state, Ms(50)).Should().Be(Wait(200));
    }

    [Fact]
    public void A_writer_that_never_ends_does_not_starve_the_batch()
    {
        var state = State(1, first: 0, last: 290) with { PathsHeldUntil = Ms(490) };

        Adaptive.Decide(state, Ms(290)).Should().Be(Wait(300));
    }

    [Fact]
    public void What_has_not_been_looked_at_yet_holds_its_batch_within_its_latency()
    {
        var state = State(2, first: 0, last: 0) with { Unlooked = 1 };

        Adaptive.Decide(state, Ms(200)).Should().Be(Wait(300));
        Adaptive.Decide(state with { Unlooked = 0 }, Ms(200)).Should().Be(new SettleDecision.DeliverNow());
    }

    [Fact]
    public void A_version_control_operation_holds_longer_than_any_latency()
    {
        var state = State(1, first: 0, last: 0) with { TreeHeldUntil = Ms(10_000) };

        Adaptive.Decide(state, Ms(9_999)).Should().Be(Wait(10_000));
    }

    [Fact]
    public void A_configured_settle_time_is_kept_however_many_there_are()
    {
        var rule = new SettleRule(Ms(400));

        rule.Decide(State(1, first: 0, last: 0), Ms(10)).Should().Be(Wait(400));
        rule.Decide(State(5_000, first: 0, last: 0), Ms(10)).Should().Be(Wait(400));
        rule.Decide(State(1, first: 0, last: 3_900), Ms(3_900)).Should().Be(Wait(4_000), "a stream is cut at ten times of it");
    }

    private static SettleState State(int paths, int first, int last) => new(paths, Ms(first), Ms(last), null, null);

    private static SettleDecision.WaitUntil Wait(int milliseconds) => new(Ms(milliseconds));

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
