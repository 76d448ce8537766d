using Supervisor.Stress.Jobs;
using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare;

/// <summary>Runs the planned jobs, each at its time or as soon as the one before it is done, and records what they changed.</summary>
internal static class LoadPhase
{
    public static async Task<IReadOnlyList<Change>> RunAsync(
        RunningTool running, IReadOnlyList<PlannedLoad> plan, Action<string> trouble, CancellationToken stopping)
    {
        var began = running.Now;
        var changes = new List<Change>();
        var digests = Digests(running.Sandbox.Project);
        foreach (var planned in plan)
        {
            var rest = began + planned.At - running.Now;
            await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, stopping);
            await RunJobAsync(running.Sandbox.Project, planned, trouble, stopping);
            var ended = running.Now;
            foreach (var (service, digest) in Digests(running.Sandbox.Project))
            {
                if (digests[service] == digest)
                    continue;

                digests[service] = digest;
                changes.Add(new Change(service, ended, planned.Number, planned.Job, digest));
            }
        }

        // The last changes get the same time as all others.
        await Task.Delay(LoadFigures.Deadline, stopping);
        return changes;
    }

    private static async Task RunJobAsync(ProjectTree project, PlannedLoad planned, Action<string> trouble, CancellationToken stopping)
    {
        var random = new Random(planned.Seed);
        var job = JobCatalogue.All.Single(known => known.Name == planned.Job);
        if (job.Missing is { } tool)
        {
            trouble($"job {planned.Number} ({planned.Job}): left out, it needs {tool}");
            return;
        }

        try
        {
            await job.RunAsync(new JobContext(project, job.Choose(project, random), random, planned.Number), stopping);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            trouble($"job {planned.Number} ({planned.Job}): {failed.Message}");
        }
    }

    private static Dictionary<string, string> Digests(ProjectTree project) =>
        project.Services.ToDictionary(service => service.Name, RunningTool.DigestOnDisk, StringComparer.Ordinal);
}
