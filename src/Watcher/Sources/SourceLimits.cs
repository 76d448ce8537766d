namespace Supervisor.Watcher.Sources;

/// <summary>Limits on the kernel resources of one watcher, and the settings of its event sources. Tests set them to reach a limit.</summary>
/// <param name="BufferedBytes">4 MiB hold about 80,000 events; the kernel's own queue holds 16,384.</param>
/// <param name="PendingChanges">At most this many pending changes are kept one by one, in some 20 MB; beyond that only summaries per service.</param>
internal sealed record SourceLimits(
    int BufferedBytes = 4 * 1024 * 1024, int PendingChanges = 50_000)
{
    /// <summary>How many are available; may grow while the watcher runs.</summary>
    public int Instances { get; set; } = 1;

    /// <inheritdoc cref="Instances"/>
    public int Watches { get; set; } = int.MaxValue;

    /// <summary>Of the Watchman server; null: it is looked for.</summary>
    public string? WatchmanSocket { get; init; }

    /// <summary>The pause before a lost or unavailable source is tried again.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The shortest pause between two audits of a source that needs them.</summary>
    public TimeSpan AuditPause { get; init; } = TimeSpan.FromSeconds(5);
}
