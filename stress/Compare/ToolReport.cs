namespace Supervisor.Stress.Compare;

/// <summary>All results of one tool.</summary>
/// <param name="Skipped">Why it was skipped; everything else is empty then.</param>
/// <param name="Trouble">What went wrong; figures taken before are kept.</param>
internal sealed record ToolReport(string Tool, string WatchingComponent, string? Skipped, string? Trouble)
{
    public TimeSpan? Start { get; init; }

    public LoadFigures? Load { get; init; }

    /// <summary>Taken before the load: the tool is ready and idle.</summary>
    public ToolFootprint? Idle { get; init; }

    /// <summary>Taken after the load.</summary>
    public ToolFootprint? Loaded { get; init; }

    public IReadOnlyList<KillOutcome> Kills { get; init; } = [];

    public Leftovers? AfterStop { get; init; }

    public Leftovers? AfterKillsAndStop { get; init; }

    public IReadOnlyList<string> Remarks { get; init; } = [];
}

/// <summary>What remained ten seconds after the tool was stopped.</summary>
/// <param name="Processes">Their command lines.</param>
/// <param name="Ports">Services whose port was still bound.</param>
internal sealed record Leftovers(IReadOnlyList<string> Processes, IReadOnlyList<string> Ports);
