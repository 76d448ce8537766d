using System.Text.Json.Serialization;

namespace Supervisor.Client;

/// <summary>The board: everything that <c>status --json</c> prints, in its order. A stable public shape.</summary>
public sealed record StatusReport(TreeStatus Tree, WatcherStatus Watcher, IReadOnlyList<ServiceStatus> Services);

/// <param name="Revision">Grows by one with every change of the board.</param>
/// <param name="Groups">Names that stand for services on the command line; null: not known.</param>
/// <param name="Change">The configuration file is not what the tree runs; null: it is, as far as the watcher has seen.</param>
public sealed record TreeStatus(
    string Config, int ParentPid, DateTimeOffset StartedAt, string Version, long Revision, ConfigurationChange? Change = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Groups = null);

/// <param name="Epoch">Number of the watcher process; never reused within one run of the tree.</param>
/// <param name="MemoryBytes">Resident memory in bytes.</param>
/// <param name="CpuPercent">Of one core.</param>
/// <param name="Roots">One for every watch path, once a watcher has reported them.</param>
/// <param name="Resyncs">Since the start of the parent, over all watchers.</param>
/// <param name="Holds">Who keeps changes back now.</param>
/// <param name="LastExitReason">Why the last watcher ended, as text, where that is known.</param>
public sealed record WatcherStatus(
    WatcherPhase State, int? Pid, long Epoch, string? Backend, int Restarts, bool Degraded,
    int Directories, int Files, int QueueDepth, long? MemoryBytes, long? MemoryLimitBytes, double? CpuPercent,
    ExitStatus? LastExit, WatcherPressure Pressure, IReadOnlyList<RootStatus> Roots, ResyncCounts Resyncs, IReadOnlyList<HoldStatus> Holds,
    string? LastExitReason = null);

/// <param name="Reason">How it ended.</param>
/// <param name="Code">Exit code 0..255, for <see cref="ExitKind.Exit"/>.</param>
/// <param name="Signal">Name of the signal, for example <c>SIGABRT</c>, for <see cref="ExitKind.Signal"/>.</param>
public sealed record ExitStatus(ExitKind Reason, int? Code, string? Signal, DateTimeOffset At);

/// <param name="Stale">
/// Validation refused the newest change, or it is held back because the service seems to make it itself: the old server still serves.
/// </param>
/// <param name="Pid">Of the dev server; null when none runs.</param>
/// <param name="Generation">Number of the n-th server that was started for this service.</param>
/// <param name="Reloads">Starts because of changed files.</param>
/// <param name="Restarts">Recoveries: starts because the server had failed.</param>
/// <param name="Reason">Why the service is in its state, as text, if that needs an explanation (blocked, stale, unhealthy, crash-loop, failed, backoff).</param>
/// <param name="StatusText">What the server says of itself (STATUS= of sd_notify(3)); null: nothing.</param>
/// <param name="Rates">How often it was started again lately; null: its host has not counted yet.</param>
public sealed record ServiceStatus(
    string Name, ServicePhase State, bool Stale, int? Pid, int? HostPid, int Generation, int Reloads, int Restarts,
    DateTimeOffset? StartedAt, DateTimeOffset? ReadyAt, IReadOnlyList<int> Ports, long? MemoryBytes, double? CpuPercent,
    ExitStatus? LastExit, LastChange? LastChange, string? Reason, RestartRates? Rates = null, string? StatusText = null)
{
    /// <summary>Between host and parent: a later status of the same host has a higher number. null elsewhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Number { get; init; }
}

/// <summary>Starts within the last hour and the last 24 hours, across restarts of the tree. The counts of a day include those of the hour.</summary>
/// <param name="RestartsLastHour">Recoveries: starts because the server had failed.</param>
/// <param name="ReloadsLastHour">Starts because of changed files.</param>
public sealed record RestartRates(int RestartsLastHour, int ReloadsLastHour, int RestartsLastDay, int ReloadsLastDay);

/// <summary>The last change or command that the service reacted to.</summary>
/// <param name="Cause">files, envFile, manual, crash, dependency, config.</param>
/// <param name="Files">Relative to the configuration's folder; only the first few of many.</param>
/// <param name="DurationMs">From the change's arrival at the host until the service was ready again, or until it was refused; null while under way.</param>
public sealed record LastChange(string Cause, IReadOnlyList<string> Files, DateTimeOffset At, long? DurationMs);
