using System.Globalization;
using Supervisor.Configuration.Values;
using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Running;

/// <summary>Reads the machine and the build of a run.</summary>
internal static class RunEnvironmentProbe
{
    public static async Task<RunEnvironment> ReadAsync(RunPlan plan, IReadOnlyDictionary<string, string> tools) => new(
        DateTimeOffset.UtcNow, Processor(), File.ReadAllText("/proc/sys/kernel/osrelease").Trim(), Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Executables.AreNative ? "native" : $"CoreCLR {Environment.Version}",
        await CommitAsync(), tools, ReplayCommand(plan));

    /// <summary>The command line that runs the same schedule again.</summary>
    public static string ReplayCommand(RunPlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"dotnet run --project stress -- --scenario {plan.Scenario} --seed {plan.Seed} --duration {Duration.Text(plan.Duration)} --speed {plan.Speed} --jobs {plan.Jobs} --period {Duration.Text(plan.Period)}");

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
        ?? "unknown processor";

    private static async Task<string?> CommitAsync()
    {
        try
        {
            var answer = await Supervisor.Tree.Harness.Command.RunAsync(
                "git", ["describe", "--always", "--dirty"], Executables.Repository, new Dictionary<string, string?>(StringComparer.Ordinal),
                TimeSpan.FromSeconds(10));
            return answer.ExitCode == 0 ? answer.Output.Trim() : null;
        }
        catch (Exception absent) when (absent is System.ComponentModel.Win32Exception or TimeoutException)
        {
            return null; // No git, or not a checkout: the report has no commit.
        }
    }
}
