namespace Supervisor.Stress.Compare;

/// <param name="At">Time since the load began.</param>
/// <param name="Seed">Seeds all random choices of the job.</param>
internal sealed record PlannedLoad(TimeSpan At, int Number, string Job, int Seed);

/// <summary>The jobs of a comparison, planned once and replayed against every tool.</summary>
internal static class LoadPlan
{
    /// <summary>Jobs that change sources, and jobs that must cause no restart; each runs once before any runs twice.</summary>
    public static IReadOnlyList<string> Jobs { get; } =
        ["source-burst", "atomic-saves", "install-ignored", "git-checkout", "log-growth"];

    public static IReadOnlyList<PlannedLoad> Make(ComparePlan plan)
    {
        var random = new Random(plan.Seed);
        var load = new List<PlannedLoad>();
        var round = new Queue<string>();
        for (var at = TimeSpan.Zero; at < plan.Load; at += plan.Period)
        {
            if (round.Count == 0)
                round = new Queue<string>(Jobs.OrderBy(_ => random.Next()).ToArray());
            load.Add(new PlannedLoad(at, load.Count + 1, round.Dequeue(), random.Next()));
        }

        return load;
    }
}
