using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Scheduling;

/// <param name="Due">Time from the start of the schedule.</param>
/// <param name="Number">Counts from 1, separately for jobs and faults.</param>
/// <param name="Seed">Seeds the random numbers of this job or fault.</param>
internal abstract record Planned(TimeSpan Due, int Number, string Name, int Seed);

internal sealed record PlannedJob(TimeSpan Due, int Number, string Name, int Seed) : Planned(Due, Number, Name, Seed);

internal sealed record PlannedFault(TimeSpan Due, int Number, string Name, int Seed) : Planned(Due, Number, Name, Seed);

/// <summary>Plans jobs and faults: the same plan gives the same schedule, on every machine and at every speed. Pure.</summary>
internal static class Schedule
{
    /// <summary>In order of time.</summary>
    public static IReadOnlyList<Planned> Of(RunPlan plan, Scenario scenario) =>
        [.. Jobs(plan, scenario).Concat<Planned>(Faults(plan, scenario)).OrderBy(planned => planned.Due)];

    private static IEnumerable<PlannedJob> Jobs(RunPlan plan, Scenario scenario)
    {
        var random = new Random(plan.Seed);
        var cycle = new ShuffledCycle(scenario.Jobs, random);
        var slot = plan.Period / plan.Jobs;
        var count = (int)(plan.Duration / slot);

        return Enumerable.Range(0, count)
            .Select(number => new PlannedJob((slot * number) + (slot * 0.5 * random.NextDouble()), number + 1, cycle.Next(), random.Next()));
    }

    // In the second half of each slot: a run begins with a job, and two faults are at least half a slot apart.
    private static IEnumerable<PlannedFault> Faults(RunPlan plan, Scenario scenario)
    {
        if (scenario.Faults.Count == 0)
            return [];

        // Its own random stream: more jobs must not move the faults.
        var random = new Random(~plan.Seed);
        var cycle = new ShuffledCycle(scenario.Faults, random);
        var slot = scenario.FaultEvery;
        var count = (int)(plan.Duration / slot);

        return Enumerable.Range(0, count)
            .Select(number => new PlannedFault((slot * number) + (slot * (0.5 + (0.5 * random.NextDouble()))), number + 1, cycle.Next(), random.Next()));
    }
}

/// <summary>Returns every item once, in random order, before any item again. Not thread-safe.</summary>
internal sealed class ShuffledCycle(IReadOnlyList<string> items, Random random)
{
    private readonly Queue<string> _remaining = new();

    public string Next()
    {
        if (_remaining.Count == 0)
        {
            string[] shuffled = [.. items];
            random.Shuffle(shuffled);
            foreach (var item in shuffled)
                _remaining.Enqueue(item);
        }

        return _remaining.Dequeue();
    }
}
