namespace Supervisor.Stress.Compare;

/// <summary>All that a comparison found out; what is drawn and what is written to compare.json.</summary>
internal sealed record CompareReport(
    ComparePlan Plan, DateTimeOffset EndedAt, IReadOnlyList<PlannedLoad> Load, IReadOnlyList<ToolReport> Tools);
