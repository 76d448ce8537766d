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

    [Fact]
    public void A_process_at_its_cpu_cap_is_replaced_although_single_samples_read_a_little_less()
    {
        // Measured on a process that spins under a quota of 15 %: the kernel's ticks and the quota's periods make a second read 13.2 to 17.2 %.
        StepsOf(seconds => seconds % 5 == 4 ? 0.88 : 1.05).Should().Equal((5, LadderStep.BeginThrottling), (20, LadderStep.RecycleForCpu));
    }

    [Fact]
    public void A_process_that_is_well_below_its_cpu_cap_in_between_is_not_replaced()
    {
        StepsOf(seconds => seconds % 15 == 14 ? 0.6 : 1).Should().OnlyContain(it => it.Step == LadderStep.BeginThrottling);
        StepsOf(_ => 0.85).Should().BeEmpty("it never was at its cap");
    }

    /// <summary>What a sample each second requires, with the second it came in, until the process is to be replaced, within a minute.</summary>
    private static List<(int Second, LadderStep Step)> StepsOf(Func<int, double> cpu)
    {
        var (ladder, steps) = (UsageLadder.Initial, new List<(int, LadderStep)>());

        for (var second = 0; second < 60 && !steps.Exists(it => it.Item2 == LadderStep.RecycleForCpu); second++)
        {
            (var step, ladder) = ladder.Sampled(memory: 0, cpu(second), isReady: true, mayRecycle: true, TimeSpan.FromSeconds(second));
            if (step != LadderStep.Stay)
                steps.Add((second, step));
        }

        return steps;
    }

    private static (LadderStep Step, UsageLadder Next) Sample(UsageLadder ladder, double memory, bool isReady = true) =>
        ladder.Sampled(memory, cpu: 0, isReady, mayRecycle: true, TimeSpan.Zero);
}
