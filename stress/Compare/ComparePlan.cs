using Supervisor.Stress.Compare.Tools;

namespace Supervisor.Stress.Compare;

/// <summary>The parameters of a comparison. The same plan gives every tool the same tree, the same jobs at the same times and the same kills.</summary>
/// <param name="Load">How long jobs run against each tool.</param>
/// <param name="Period">Time from one job to the next; a job that takes longer delays the ones behind it.</param>
/// <param name="Kills">How often the watching component of each tool is killed, after the load.</param>
/// <param name="Only">Names of tools; empty: all.</param>
internal sealed record ComparePlan(int Seed, TimeSpan Load, TimeSpan Period, int Kills, IReadOnlyList<string> Only)
{
    public bool Includes(ITool tool) => Only.Count == 0 || Only.Contains(tool.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Six tools take about ten minutes.</summary>
    public static ComparePlan Standard { get; } = new(1, TimeSpan.FromSeconds(48), TimeSpan.FromSeconds(4), 2, []);
}
