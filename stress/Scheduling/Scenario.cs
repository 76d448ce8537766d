namespace Supervisor.Stress.Scheduling;

/// <summary>A named mix of jobs and faults.</summary>
/// <param name="Summary">One line for <c>--list</c>.</param>
/// <param name="Jobs">Names of jobs in random cycles: each comes once before any comes again.</param>
/// <param name="Faults">Names of faults, likewise; empty: none.</param>
/// <param name="FaultEvery">One fault in each such period of the schedule.</param>
internal sealed record Scenario(string Name, string Summary, IReadOnlyList<string> Jobs, IReadOnlyList<string> Faults, TimeSpan FaultEvery);
