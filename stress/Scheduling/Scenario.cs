namespace Supervisor.Stress.Scheduling;

/// <summary>A named mixture of jobs and faults.</summary>
/// <param name="Summary">One line for <c>--list</c>.</param>
/// <param name="Jobs">Names of jobs, dealt like a cycle of items: each comes once before any comes again.</param>
/// <param name="Faults">Names of faults, dealt likewise; empty: none.</param>
/// <param name="FaultEvery">One fault in each such span of the schedule.</param>
internal sealed record Scenario(string Name, string Summary, IReadOnlyList<string> Jobs, IReadOnlyList<string> Faults, TimeSpan FaultEvery);
