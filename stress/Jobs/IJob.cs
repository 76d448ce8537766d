using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>One kind of job: a burst of real file work, done with real tools where they are present. Stateless; one instance serves all runs.</summary>
internal interface IJob
{
    /// <summary>As in <c>--list</c> and the report: lower case with hyphens.</summary>
    string Name { get; }

    /// <summary>One line that says what it does and what must come of it.</summary>
    string Summary { get; }

    /// <summary>Which tool is missing that it cannot do without; null: it can run.</summary>
    string? Missing { get; }

    /// <summary>The services whose folders it will touch: it has them to itself while it runs. Never the untouched one.</summary>
    IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random);

    /// <summary>Does the work. Returns only when all its processes have ended and all its writes are done.</summary>
    Task RunAsync(JobContext context, CancellationToken stopping);
}

/// <param name="Services">What <see cref="IJob.Choose"/> chose.</param>
/// <param name="Random">The job's own, seeded by the run's seed and the job's number.</param>
/// <param name="Number">Of the job in the schedule; makes its content unlike any other's.</param>
internal sealed record JobContext(ProjectTree Project, IReadOnlyList<ProjectService> Services, Random Random, int Number);
