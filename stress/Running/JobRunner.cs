using System.Diagnostics;
using Supervisor.Stress.Jobs;
using Supervisor.Stress.Observing;
using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;
using Supervisor.Stress.Scheduling;

namespace Supervisor.Stress.Running;

/// <summary>Runs one planned job with exclusive access to the folders of its services, and observes what it changed there.</summary>
internal sealed class JobRunner(ProjectTree project, NamedLocks folders, ContentObserver content, IRecord record)
{
    private readonly Dictionary<string, IJob> _jobs = JobCatalogue.All.ToDictionary(job => job.Name, StringComparer.Ordinal);

    /// <param name="due">When it was due, on the run's clock.</param>
    public async Task RunAsync(PlannedJob planned, TimeSpan due, CancellationToken stopping)
    {
        var job = _jobs[planned.Name];
        if (job.Missing is { } missing)
        {
            record.Append(new JobSkipped(record.Now, planned.Number, job.Name, $"{missing} is not on this machine"));
            return;
        }

        var random = new Random(planned.Seed);
        var services = job.Choose(project, random);
        using var acquired = await folders.AcquireAsync(services.Select(service => service.Name), stopping);
        content.BeforeJob(services);
        var began = record.Now;
        record.Append(new JobBegan(began, planned.Number, job.Name, [.. services.Select(service => service.Name)]));
        var trouble = await TryAsync(job, new JobContext(project, services, random, planned.Number), stopping);
        var ended = record.Now;
        var lateness = began > due ? began - due : TimeSpan.Zero;
        content.AfterJob(new JobEnded(ended, planned.Number, job.Name, ended - began, lateness, Touched: [], trouble), services);
    }

    private static async Task<string?> TryAsync(IJob job, JobContext context, CancellationToken stopping)
    {
        try
        {
            await job.RunAsync(context, stopping);
            return null;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return "the run ended during the job";
        }
        catch (Exception failed) when (failed is not UnreachableException)
        {
            // A crashing compiler or a full disk must not end the run. What was written until then counts; the report shows the error.
            return failed.Message;
        }
    }
}
