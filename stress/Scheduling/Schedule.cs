using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Scheduling;

/// <param name="Due">In time of the schedule, from its start.</param>
/// <param name="Number">Counts from 1, jobs and faults apart.</param>
/// <param name="Seed">Of the random numbers that this one thing may use.</param>
internal abstract record Planned(TimeSpan Due, int Number, string Name, int Seed);

internal sealed record PlannedJob(TimeSpan Due, int Number, string Name, int Seed) : Planned(Due, Number, Name, Seed);

internal sealed record PlannedFault(TimeSpan Due, int Number, string Name, int Seed) : Planned(Due, Number, Name, Seed);

/// <summary>When what is to happen: the same plan gives the same schedule, on every machine and at every speed. Pure.</summary>
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

    // The second half of each slot: a run begins with a job, and two faults are never closer than half a slot.
    private static IEnumerable<PlannedFault> Faults(RunPlan plan, Scenario scenario)
    {
        if (scenario.Faults.Count == 0)
            return [];

        // A stream of its own: more jobs must not move the faults.
        var random = new Random(~plan.Seed);
        var cycle = new ShuffledCycle(scenario.Faults, random);
        var slot = scenario.FaultEvery;
        var count = (int)(plan.Duration / slot);

        return Enumerable.Range(0, count)
            .Select(number => new PlannedFault((slot * number) + (slot * (0.5 + (0.5 * random.NextDouble()))), number + 1, cycle.Next(), random.Next()));
    }
}

/// <summary>Deals every item once, in random order, before any item again. Not thread-safe.</summary>
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
