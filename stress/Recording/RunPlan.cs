namespace Supervisor.Stress.Recording;

/// <summary>The parameters of a run: the same plan makes the same schedule of jobs and faults.</summary>
/// <param name="Duration">The length of the schedule. A run takes this divided by the speed, or longer when the machine cannot keep up.</param>
/// <param name="Period">The period in which <paramref name="Jobs"/> jobs run, in time of the schedule.</param>
internal sealed record RunPlan(string Scenario, int Seed, TimeSpan Duration, double Speed, int Jobs, TimeSpan Period)
{
    /// <summary>How long the schedule takes if the machine keeps up.</summary>
    public TimeSpan RealDuration => Duration / Speed;
}

/// <param name="Build">"native" or "CoreCLR 10.0.1".</param>
/// <param name="Commit">The commit of the repository; null where there is none.</param>
/// <param name="Tools">Tools by name, with version; a missing one has "missing".</param>
/// <param name="Command">The command line that replays the run.</param>
internal sealed record RunEnvironment(
    DateTimeOffset StartedAt, string Machine, string Kernel, int Cores, long MemoryBytes, string Build, string? Commit,
    IReadOnlyDictionary<string, string> Tools, string Command);

/// <param name="Flavour">django, uvicorn, node or puppet.</param>
/// <param name="ReloadsInPlace">A change sends a signal to the server, which reads its files again and keeps its pid.</param>
/// <param name="Untouched">No job changes it: it must not be affected by anything.</param>
/// <param name="CapBytes">Its memory limit; null: none.</param>
internal sealed record ServiceFacts(string Name, string Flavour, int Port, bool ReloadsInPlace, bool Untouched, int SourceFiles, long? CapBytes);
