using Supervisor.Supervision;

namespace Supervisor.Unit.Supervision;

public sealed class UsageLadderSpecs
{
    [Fact]
    public void What_rests_above_a_rung_is_replaced_only_when_it_has_grown_into_what_is_left()
    {
        var rested = Sample(UsageLadder.Calm, 0.82).Next;
        rested.IsTrimming.Should().BeFalse("another one would hold as much");

        Sample(rested, 0.9).Step.Should().Be(LadderStep.BeginTrimming);
        Sample(rested, 0.91).Step.Should().Be(LadderStep.RecycleForMemory);
    }

    [Fact]
    public void The_least_that_it_held_is_what_it_rests_at()
    {
        // What a crawl took is given back a moment later.
        var rested = Sample(Sample(UsageLadder.Calm, 0.9).Next, 0.3).Next;

        Sample(rested, 0.8).Step.Should().Be(LadderStep.RecycleForMemory);
    }

    [Fact]
    public void One_that_is_not_ready_is_not_replaced_for_its_memory_and_killed_at_its_cap()
    {
        var (step, reading) = Sample(UsageLadder.Calm, 0.95, isReady: false);
        step.Should().Be(LadderStep.BeginTrimming);
        reading.Resting.Should().BeNull();

        Sample(Sample(reading, 1, isReady: false).Next, 1, isReady: false).Step.Should().Be(LadderStep.Kill);
    }

    private static (LadderStep Step, UsageLadder Next) Sample(UsageLadder ladder, double memory, bool isReady = true) =>
        ladder.Sampled(memory, cpu: 0, isReady, mayRecycle: true, TimeSpan.Zero);
}
