using Supervisor.Watcher.Memory;

namespace Supervisor.Unit.Watcher.Memory;

public sealed class MemoryLadderSpecs
{
    private static readonly MemoryState Calm = new MemoryState.Calm();

    [Fact]
    public void Below_the_first_step_nothing_is_done() =>
        MemoryLadder.Step(Calm, 59, 100, At(0)).Should().Be((Calm, MemoryAction.Nothing));

    [Fact]
    public void From_60_percent_memory_is_given_back_and_not_again_at_once()
    {
        var (state, action) = MemoryLadder.Step(Calm, 60, 100, At(0));
        action.Should().Be(MemoryAction.Trim);

        MemoryLadder.Step(state, 70, 100, At(29)).Action.Should().Be(MemoryAction.Nothing);
        MemoryLadder.Step(state, 70, 100, At(30)).Action.Should().Be(MemoryAction.Trim);
    }

    [Fact]
    public void From_80_percent_the_parent_gets_twenty_seconds_to_replace_the_process_before_it_leaves_by_itself()
    {
        var (state, action) = MemoryLadder.Step(new MemoryState.Trimmed(At(0)), 80, 100, At(20));
        action.Should().Be(MemoryAction.Trim);

        MemoryLadder.Step(state, 80, 100, At(39.9)).Action.Should().Be(MemoryAction.Nothing);
        MemoryLadder.Step(state, 80, 100, At(40)).Should().Be((new MemoryState.Leaving(), MemoryAction.Leave));
    }

    [Fact]
    public void A_trim_that_helped_leads_back()
    {
        var (state, _) = MemoryLadder.Step(Calm, 85, 100, At(0));
        (state, var action) = MemoryLadder.Step(state, 65, 100, At(1));
        action.Should().Be(MemoryAction.Nothing);

        MemoryLadder.Step(state, 40, 100, At(3)).Should().Be((Calm, MemoryAction.Nothing));
    }

    [Fact]
    public void It_leaves_once() =>
        MemoryLadder.Step(new MemoryState.Leaving(), 99, 100, At(9)).Action.Should().Be(MemoryAction.Nothing);

    [Fact]
    public void Without_a_cap_there_is_no_ladder() =>
        MemoryLadder.Step(Calm, long.MaxValue, null, At(0)).Action.Should().Be(MemoryAction.Nothing);

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
