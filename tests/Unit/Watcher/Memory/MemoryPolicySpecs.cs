using Supervisor.Watcher.Memory;

namespace Supervisor.Unit.Watcher.Memory;

public sealed class MemoryPolicySpecs
{
    private static readonly MemoryState Normal = new MemoryState.Normal();

    [Fact]
    public void Below_the_first_step_nothing_is_done() =>
        Step(Normal, 59, 100, At(0)).Should().Be((Normal, MemoryAction.Nothing));

    [Fact]
    public void From_60_percent_memory_is_given_back_and_not_again_at_once()
    {
        var (state, action) = Step(Normal, 60, 100, At(0));
        action.Should().Be(MemoryAction.Trim);

        Step(state, 70, 100, At(29)).Action.Should().Be(MemoryAction.Nothing);
        Step(state, 70, 100, At(30)).Action.Should().Be(MemoryAction.Trim);
    }

    [Fact]
    public void From_80_percent_the_parent_gets_twenty_seconds_to_replace_the_process_before_it_leaves_by_itself()
    {
        var (state, action) = Step(new MemoryState.Trimmed(At(0)), 80, 100, At(20));
        action.Should().Be(MemoryAction.Trim);

        Step(state, 80, 100, At(39.9)).Action.Should().Be(MemoryAction.Nothing);
        Step(state, 80, 100, At(40)).Should().Be((new MemoryState.Leaving(), MemoryAction.Leave));
    }

    [Fact]
    public void A_trim_that_helped_leads_back()
    {
        var (state, _) = Step(Normal, 85, 100, At(0));
        (state, var action) = Step(state, 65, 100, At(1));
        action.Should().Be(MemoryAction.Nothing);

        Step(state, 40, 100, At(3)).Should().Be((Normal, MemoryAction.Nothing));
    }

    [Fact]
    public void It_leaves_once() =>
        Step(new MemoryState.Leaving(), 99, 100, At(9)).Action.Should().Be(MemoryAction.Nothing);

    [Fact]
    public void Without_a_cap_there_is_no_ladder() =>
        Step(Normal, long.MaxValue, null, At(0)).Action.Should().Be(MemoryAction.Nothing);

    [Fact]
    public void What_rests_above_a_rung_is_trimmed_and_leaves_only_when_it_has_grown_into_what_is_left()
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
    public void It_is_cramped_when_it_rests_at_80_percent_of_its_cap(long resting, long? cap, bool cramped) =>
        MemoryPolicy.IsNearCap(resting, cap).Should().Be(cramped);

    private static (MemoryState State, MemoryAction Action) Step(MemoryState state, long resident, long? cap, TimeSpan now, long resting = 0) =>
        MemoryPolicy.Step(state, resident, resting, cap, now);

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
