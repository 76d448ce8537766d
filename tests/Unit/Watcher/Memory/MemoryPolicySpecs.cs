using Supervisor.Watcher.Memory;

namespace Supervisor.Unit.Watcher.Memory;

public sealed class MemoryPolicySpecs
{
    private static readonly MemoryState Normal = new MemoryState.Normal();

    [Fact]
    public void Below_the_first_threshold_nothing_is_done() =>
        Step(Normal, 59, 100, At(0)).Should().Be((Normal, MemoryAction.Nothing));

    [Fact]
    public void From_60_percent_memory_is_trimmed_and_not_again_within_30_seconds()
    {
        var (state, action) = Step(Normal, 60, 100, At(0));
        action.Should().Be(MemoryAction.Trim);

        Step(state, 70, 100, At(29)).Action.Should().Be(MemoryAction.Nothing);
        Step(state, 70, 100, At(30)).Action.Should().Be(MemoryAction.Trim);
    }

    [Fact]
    public void From_80_percent_the_parent_has_twenty_seconds_to_replace_the_process_before_it_exits()
    {
        var (state, action) = Step(new MemoryState.Trimmed(At(0)), 80, 100, At(20));
        action.Should().Be(MemoryAction.Trim);

        Step(state, 80, 100, At(39.9)).Action.Should().Be(MemoryAction.Nothing);
        Step(state, 80, 100, At(40)).Should().Be((new MemoryState.Leaving(), MemoryAction.Leave));
    }

    [Fact]
    public void A_trim_that_helps_returns_to_normal()
    {
        var (state, _) = Step(Normal, 85, 100, At(0));
        (state, var action) = Step(state, 65, 100, At(1));
        action.Should().Be(MemoryAction.Nothing);

        Step(state, 40, 100, At(3)).Should().Be((Normal, MemoryAction.Nothing));
    }

    [Fact]
    public void It_exits_once() =>
        Step(new MemoryState.Leaving(), 99, 100, At(9)).Action.Should().Be(MemoryAction.Nothing);

    [Fact]
    public void Without_a_cap_nothing_is_done() =>
        Step(Normal, long.MaxValue, null, At(0)).Action.Should().Be(MemoryAction.Nothing);

    [Fact]
    public void A_process_that_rests_above_a_threshold_has_higher_thresholds()
    {
        Step(Normal, 82, 100, At(0), resting: 82).Should().Be((Normal, MemoryAction.Nothing));
        Step(Normal, 87, 100, At(0), resting: 82).Action.Should().Be(MemoryAction.Trim);

        var (state, _) = Step(Normal, 92, 100, At(0), resting: 82);
        state.Should().Be(new MemoryState.AwaitingReplacement(At(0)));
        Step(state, 92, 100, At(20), resting: 82).Action.Should().Be(MemoryAction.Leave);
    }

    [Theory]
    [InlineData(79, 100L, false)]
    [InlineData(80, 100L, true)]
    [InlineData(80, null, false)]
    public void It_is_near_its_cap_when_it_rests_at_80_percent(long resting, long? cap, bool cramped) =>
        MemoryPolicy.IsNearCap(resting, cap).Should().Be(cramped);

    private static (MemoryState State, MemoryAction Action) Step(MemoryState state, long resident, long? cap, TimeSpan now, long resting = 0) =>
        MemoryPolicy.Step(state, resident, resting, cap, now);

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
