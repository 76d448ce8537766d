using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Running;

/// <param name="ReportFolder">null: a folder in <c>stress-reports</c>, named by time, scenario and seed.</param>
/// <param name="Json">One JSON document a line on standard output instead of a live view.</param>
internal sealed record RunOptions(RunPlan Plan, string? ReportFolder, bool Json);
