namespace Supervisor.Stress.Recording;

/// <summary>What was asked for: the same plan makes the same schedule of jobs and faults.</summary>
/// <param name="Duration">Of the schedule; a run takes this divided by the speed, or longer where the machine cannot keep up.</param>
/// <param name="Period">In which <paramref name="Jobs"/> jobs are run, in time of the schedule.</param>
internal sealed record RunPlan(string Scenario, int Seed, TimeSpan Duration, double Speed, int Jobs, TimeSpan Period)
{
    /// <summary>How long the schedule takes when the machine keeps up.</summary>
    public TimeSpan RealDuration => Duration / Speed;
}

/// <param name="Build">"native" or "CoreCLR 10.0.1".</param>
/// <param name="Commit">Of the repository; null where there is none.</param>
/// <param name="Tools">Real tools found, by name, with version; a missing one is there with "missing".</param>
/// <param name="Command">The command line that replays the run.</param>
internal sealed record RunEnvironment(
    DateTimeOffset StartedAt, string Machine, string Kernel, int Cores, long MemoryBytes, string Build, string? Commit,
    IReadOnlyDictionary<string, string> Tools, string Command);

/// <param name="Flavour">django, uvicorn, node or puppet.</param>
/// <param name="ReloadsInPlace">A change signals the server, which reads again: its pid stays.</param>
/// <param name="Untouched">No job touches it: it is the one that must notice nothing.</param>
/// <param name="CapBytes">Its memory limit; null: none.</param>
internal sealed record ServiceFacts(string Name, string Flavour, int Port, bool ReloadsInPlace, bool Untouched, int SourceFiles, long? CapBytes);
