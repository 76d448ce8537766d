using Supervisor.Stress.Observing;
using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Faults;

/// <summary>One kind of fault. Stateless; one instance serves all runs.</summary>
internal interface IFault
{
    /// <summary>As shown in <c>--list</c> and the report: lower case with hyphens, target first: "watcher-abort".</summary>
    string Name { get; }

    /// <summary>One line: what it does and what the product must do then.</summary>
    string Summary { get; }

    FaultTarget Target { get; }

    /// <summary>The required program or facility that is missing; null: the fault can be injected.</summary>
    string? Missing { get; }

    /// <summary>
    /// Finds its victim, records <see cref="FaultBegan"/>, injects the fault, and records <see cref="FaultEnded"/> once the fault itself is over; or records
    /// <see cref="FaultSkipped"/> when there is no victim (the watcher is in backoff). Every wait has a deadline.
    /// </summary>
    Task InjectAsync(FaultContext context, CancellationToken stopping);
}

/// <param name="Number">The number of the fault in the schedule.</param>
/// <param name="Service">The service that the schedule chose, for faults of servers and hosts; null for others.</param>
/// <param name="Random">Random numbers of this fault, seeded by the run's seed and the fault's number.</param>
internal sealed record FaultContext(
    int Number, ProjectTree Project, ProjectService? Service, TreeUnderTest Tree, FaultHook Hook, IRecord Record, Random Random);
