using Supervisor.Stress.Compare.Tools;

namespace Supervisor.Stress.Compare;

/// <summary>
/// Benchmarks every installed tool, one after another, and collects the results. All get their own tree from the same seed, the same server commands, the
/// same jobs at the same times and the same observers.
/// </summary>
internal static class Comparison
{
    /// <param name="say">Receives one line for each step, for people.</param>
    /// <param name="stopping">Ends the benchmark of the present tool and skips the others; the reports so far are returned.</param>
    public static async Task<CompareReport> RunAsync(ComparePlan plan, Action<string> say, CancellationToken stopping)
    {
        var load = LoadPlan.Make(plan);
        var reports = new List<ToolReport>();
        foreach (var tool in ToolCatalogue.All.Where(plan.Includes))
        {
            if (stopping.IsCancellationRequested)
                break;

            reports.Add(await BenchmarkAsync(tool, plan, load, say, stopping));
        }

        return new CompareReport(plan, DateTimeOffset.Now, load, reports);
    }

    private static async Task<ToolReport> BenchmarkAsync(
        ITool tool, ComparePlan plan, IReadOnlyList<PlannedLoad> load, Action<string> say, CancellationToken stopping)
    {
        if (ToolCatalogue.Missing(tool) is { } missing)
        {
            say($"{tool.Name}: skipped, {missing}");
            return new ToolReport(tool.Name, tool.WatchingComponent, missing, null);
        }

        say($"{tool.Name}: creating its project");
        var root = Directory.CreateTempSubdirectory("sv-").FullName;
        try
        {
            var project = CompareProject.Make(Path.Combine(root, "project"), plan.Seed);
            var folder = Directory.CreateDirectory(Path.Combine(root, "tool")).FullName;
            await using var sandbox = new ToolSandbox(project, ServerCommand.ReadFrom(project), folder, $"compare-{Guid.NewGuid():N}");
            return await new ToolBenchmark(tool, plan, load, say).RunAsync(sandbox, stopping);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
