using Supervisor.Processes;

namespace Supervisor.Host.StateMachine;

/// <summary>An attempt to start a server, before its process exists.</summary>
/// <param name="OrderedAt">On the monotonic clock, before its process was spawned, or before its build began; null: not known.</param>
internal sealed record StartAttempt(int Generation, Cause Cause, TimeSpan? OrderedAt = null);

/// <summary>A server that was started.</summary>
/// <param name="Port">The port that it was given, where the service declares one.</param>
internal sealed record ServerRun(StartAttempt Attempt, int Pid, int? Port, Timestamp StartedAt)
{
    /// <summary>Just before it was spawned: all that it prints is newer. null: not known.</summary>
    public DateTimeOffset? SpawnedAt { get; init; }

    public int Generation => Attempt.Generation;
}

/// <summary>How a run ended; reported only when all its processes are gone.</summary>
/// <param name="At">When its main process ended: the backoff starts here.</param>
/// <param name="Description">For users, for example "exited with code 1".</param>
/// <param name="MemoryKill">It, or one of its processes, was killed at its memory limit; null: none was.</param>
/// <param name="PortTakenBy">The process that holds the declared port after the run.</param>
/// <param name="Survivors">Processes that could not be killed (in uninterruptible sleep).</param>
/// <param name="LastLines">Of its output; see <see cref="ExitEvidence.Output"/>.</param>
/// <param name="PeakMemoryBytes">See <see cref="ExitEvidence.PeakMemoryBytes"/>.</param>
internal sealed record ServerExit(
    ExitStatus Status, string Description, TimeSpan At, MemoryKill? MemoryKill = null, PortHolder? PortTakenBy = null, IReadOnlyList<int>? Survivors = null,
    IReadOnlyList<string>? LastLines = null, long? PeakMemoryBytes = null)
{
    /// <summary>What was wrong with a stop that was requested; null: nothing, it ended as it was asked to.</summary>
    public string? StopRemark { get; init; }

    public bool IsSuccess => Status is { Reason: ExitKind.Exit, Code: 0 };
}

/// <summary>Who killed what at the memory limit.</summary>
internal enum MemoryKill
{
    /// <summary>The kernel, the main process.</summary>
    MainProcess,

    /// <summary>The kernel, another process of the service; the main process survived it.</summary>
    OtherProcess,

    /// <summary>This host, everything: no kernel enforces the limit here.</summary>
    Sampled,
}
