using Supervisor.Supervision;

namespace Supervisor.Unit.Supervision;

public sealed class UsageLadderSpecs
{
    [Fact]
    public void A_process_with_a_baseline_above_a_rung_is_replaced_only_after_further_growth()
    {
        var atBaseline = Sample(UsageLadder.Initial, 0.82).Next;
        atBaseline.IsTrimming.Should().BeFalse("a replacement would need as much");

        Sample(atBaseline, 0.9).Step.Should().Be(LadderStep.BeginTrimming);
        Sample(atBaseline, 0.91).Step.Should().Be(LadderStep.RecycleForMemory);
    }

    [Fact]
    public void The_baseline_is_the_lowest_sample()
    {
        // The memory of a crawl is given back a moment later.
        var atBaseline = Sample(Sample(UsageLadder.Initial, 0.9).Next, 0.3).Next;

        Sample(atBaseline, 0.8).Step.Should().Be(LadderStep.RecycleForMemory);
    }

    [Fact]
    public void A_process_that_is_not_ready_is_not_replaced_but_killed_at_its_cap()
    {
        var (step, reading) = Sample(UsageLadder.Initial, 0.95, isReady: false);
        step.Should().Be(LadderStep.BeginTrimming);
        reading.Baseline.Should().BeNull();

        Sample(Sample(reading, 1, isReady: false).Next, 1, isReady: false).Step.Should().Be(LadderStep.Kill);
    }

    private static (LadderStep Step, UsageLadder Next) Sample(UsageLadder ladder, double memory, bool isReady = true) =>
        ladder.Sampled(memory, cpu: 0, isReady, mayRecycle: true, TimeSpan.Zero);
}
