namespace Supervisor.Stress.Compare;

/// <summary>All results of a comparison: the page, the table and compare.json are made from it.</summary>
internal sealed record CompareReport(
    ComparePlan Plan, DateTimeOffset EndedAt, IReadOnlyList<PlannedLoad> Load, IReadOnlyList<ToolReport> Tools);
