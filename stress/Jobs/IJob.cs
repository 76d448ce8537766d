using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>One kind of job: a burst of real file work, with real tools where they are installed. Stateless; one instance serves all runs.</summary>
internal interface IJob
{
    /// <summary>As shown in <c>--list</c> and the report: lower case with hyphens.</summary>
    string Name { get; }

    /// <summary>One line: what it does and what the product must do then.</summary>
    string Summary { get; }

    /// <summary>The required tool that is missing; null: the job can run.</summary>
    string? Missing { get; }

    /// <summary>The services whose folders it changes; it has exclusive access to them while it runs. Never the untouched one.</summary>
    IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random);

    /// <summary>Runs the job. Returns only when all its processes have ended and all its writes are done.</summary>
    Task RunAsync(JobContext context, CancellationToken stopping);
}

/// <param name="Services">The services that <see cref="IJob.Choose"/> returned.</param>
/// <param name="Random">Random numbers of this job, seeded by the run's seed and the job's number.</param>
/// <param name="Number">The number of the job in the schedule; it makes the job's content unique.</param>
internal sealed record JobContext(ProjectTree Project, IReadOnlyList<ProjectService> Services, Random Random, int Number);
