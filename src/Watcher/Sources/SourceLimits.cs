namespace Supervisor.Watcher.Sources;

/// <summary>How much of the kernel's scarce things one watcher takes, and where it finds other sources. Tests set them to see what happens at the limit.</summary>
/// <param name="BufferedBytes">4 MiB hold about 80,000 events; the kernel's own queue holds 16,384.</param>
/// <param name="PendingChanges">As many untold changes are remembered one by one, in some 20 MB; beyond that only their sums.</param>
internal sealed record SourceLimits(
    int BufferedBytes = 4 * 1024 * 1024, int PendingChanges = 50_000)
{
    /// <summary>As many are to be had; they may become more while it runs.</summary>
    public int Instances { get; set; } = 1;

    /// <inheritdoc cref="Instances"/>
    public int Watches { get; set; } = int.MaxValue;

    /// <summary>Of the Watchman server; null: it is looked for.</summary>
    public string? WatchmanSocket { get; init; }

    /// <summary>A source that was lost, or could not be had, is tried again after this.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Until a source that needs it is gone through again, at the earliest.</summary>
    public TimeSpan AuditPause { get; init; } = TimeSpan.FromSeconds(5);
}
