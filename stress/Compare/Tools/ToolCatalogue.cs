namespace Supervisor.Stress.Compare.Tools;

/// <summary>Every tool that the comparison knows, in the order of the report.</summary>
internal static class ToolCatalogue
{
    public static IReadOnlyList<ITool> All { get; } =
        [new OurSupervisor(), new Nodemon(), new Pm2Watch(), new DjangoReloader(), new WatchmanMake(), new SupervisordWatchmedo()];

    /// <summary>Why the tool cannot run; null: it can.</summary>
    public static string? Missing(ITool tool) => tool.Needs.FirstOrDefault(need => Programs.Find(need) is null) is { } absent
        ? $"{absent}: not on PATH"
        : null;
}
