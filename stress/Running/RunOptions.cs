using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Running;

/// <param name="ReportFolder">null: one below <c>stress-reports</c>, named after the time, the scenario and the seed.</param>
/// <param name="Json">One JSON document a line on standard output instead of a live view.</param>
internal sealed record RunOptions(RunPlan Plan, string? ReportFolder, bool Json);
