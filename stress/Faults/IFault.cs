using Supervisor.Stress.Observing;
using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>One kind of fault. Stateless; one instance serves all runs.</summary>
internal interface IFault
{
    /// <summary>As in <c>--list</c> and the report: lower case with hyphens, target first: "watcher-abort".</summary>
    string Name { get; }

    /// <summary>One line that says what it does and what must come of it.</summary>
    string Summary { get; }

    FaultTarget Target { get; }

    /// <summary>What it cannot do without and lacks; null: it can strike.</summary>
    string? Missing { get; }

    /// <summary>
    /// Finds its victim, tells <see cref="FaultBegan"/>, strikes, and tells <see cref="FaultEnded"/> once the fault itself is over; or tells
    /// <see cref="FaultSkipped"/> where there is no victim (the watcher is in backoff just now). Every wait in it has a deadline.
    /// </summary>
    Task InjectAsync(FaultContext context, CancellationToken stopping);
}

/// <param name="Number">Of the fault in the schedule.</param>
/// <param name="Service">The service that the schedule chose, for faults of servers and hosts; null for the others.</param>
/// <param name="Random">The fault's own, seeded by the run's seed and the fault's number.</param>
internal sealed record FaultContext(
    int Number, ProjectTree Project, ProjectService? Service, TreeUnderTest Tree, FaultHook Hook, IRecord Record, Random Random);
