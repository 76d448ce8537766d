namespace Supervisor.Client;

/// <summary>
/// What a host writes about itself (<see cref="HostLaunch.StatePath"/>, replaced as a whole) for whoever comes after it: the parent that
/// cleans up behind a dead host, and the next host, which goes on with the counters. Written by the host only.
/// </summary>
/// <param name="BootId">Of the boot it was written in: in another boot nothing in it is alive and no time in it means anything.</param>
/// <param name="Server">The dev server, as long as one runs.</param>
/// <param name="Failures">When the server failed lately, as time since boot without suspend (CLOCK_MONOTONIC).</param>
/// <param name="Consecutive">Failures since the last stable run.</param>
/// <param name="OnProbation">It runs, or ran, on the one start that a change grants in a crash loop.</param>
/// <param name="RetryAt">For <see cref="ServicePhase.Backoff"/>: when the next start is due, on the same clock.</param>
public sealed record HostFile(
    string Service, string SpecHash, string Tag, string BootId, ProcessMark Host, ProcessMark? Server, string KillRung, string? ScopePath,
    ServicePhase Phase, int Generation, int Reloads, int Restarts, ExitStatus? LastExit, string? Reason,
    IReadOnlyList<TimeSpan> Failures, int Consecutive, bool OnProbation, TimeSpan? RetryAt);

/// <summary>One run of one process, as written down: equal only for the same run, even where the system reuses the number.</summary>
/// <param name="PidfdInode">Unique within one boot.</param>
public sealed record ProcessMark(int Pid, ulong PidfdInode, string BootId);
