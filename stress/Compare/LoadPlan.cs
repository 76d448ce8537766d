namespace Supervisor.Stress.Compare;

/// <param name="At">Since the load began.</param>
/// <param name="Seed">Of everything the job decides by chance.</param>
internal sealed record PlannedLoad(TimeSpan At, int Number, string Job, int Seed);

/// <summary>The jobs of a comparison as data, made once and replayed against every tool.</summary>
internal static class LoadPlan
{
    /// <summary>Those that change sources and those that must concern nobody; each is run once before any is run twice.</summary>
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
