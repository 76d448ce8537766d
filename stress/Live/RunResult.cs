using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Live;

/// <summary>The result of a run, and where to read more.</summary>
/// <param name="Report">The HTML page; null: none was written.</param>
/// <param name="Record">The JSONL file that the report was made from.</param>
/// <param name="Replay">The command line that runs the same schedule again.</param>
internal sealed record RunResult(RunPlan Plan, RunVerdict Verdict, string? Report, string? Record, string Replay);
