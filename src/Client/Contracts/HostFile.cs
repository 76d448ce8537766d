namespace Supervisor.Client;

/// <summary>
/// The state file of a host (<see cref="HostLaunch.StatePath"/>, replaced as a whole). Its readers are the parent that cleans up after a dead host,
/// and the next host, which continues the counters. Only the host writes it.
/// </summary>
/// <param name="BootId">The boot in which it was written: in another boot its processes have ended and its times are invalid.</param>
/// <param name="Server">The dev server, while one runs.</param>
/// <param name="Failures">Times of recent failures of the server, as time since boot without suspend (CLOCK_MONOTONIC).</param>
/// <param name="Consecutive">Failures since the last stable run.</param>
/// <param name="OnProbation">It runs, or ran, on the one start that a change allows in a crash loop.</param>
/// <param name="PeakMemoryBytes">The most that <paramref name="Server"/> was seen to hold, to a tenth; null before the first sample. The next host needs it when both die at once.</param>
/// <param name="ServerStartedAt">Just before <paramref name="Server"/> was spawned: all it has printed is newer.</param>
/// <param name="RetryAt">For <see cref="ServicePhase.Backoff"/>: when the next start is due, on the same clock.</param>
public sealed record HostFile(
    string Service, string SpecHash, string Tag, string BootId, ProcessMark Host, ProcessMark? Server, string KillRung, string? ScopePath,
    ServicePhase Phase, int Generation, int Reloads, int Restarts, ExitStatus? LastExit, string? Reason,
    IReadOnlyList<TimeSpan> Failures, int Consecutive, bool OnProbation, TimeSpan? RetryAt,
    long? PeakMemoryBytes = null, DateTimeOffset? ServerStartedAt = null);

/// <summary>One run of one process, as recorded: equal only for the same run, even if the system reuses the pid.</summary>
/// <param name="PidfdInode">Unique within one boot.</param>
public sealed record ProcessMark(int Pid, ulong PidfdInode, string BootId);
