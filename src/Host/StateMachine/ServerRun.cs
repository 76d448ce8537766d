using Supervisor.Host.Ports;

namespace Supervisor.Host.StateMachine;

/// <summary>An attempt to start a server, before its process exists.</summary>
internal sealed record StartAttempt(int Generation, Cause Cause);

/// <summary>A server that was started.</summary>
/// <param name="Port">The port that it was given, where the service declares one.</param>
internal sealed record ServerRun(StartAttempt Attempt, int Pid, int? Port, Timestamp StartedAt)
{
    public int Generation => Attempt.Generation;
}

/// <summary>How a run ended; reported only when all its processes are gone.</summary>
/// <param name="At">When its main process ended: the backoff starts here.</param>
/// <param name="Description">For users, for example "exited with code 1".</param>
/// <param name="OutOfMemory">The kernel killed it, or one of its processes, at its memory limit.</param>
/// <param name="PortTakenBy">The process that holds the declared port after the run.</param>
/// <param name="Survivors">Processes that could not be killed (in uninterruptible sleep).</param>
internal sealed record ServerExit(
    ExitStatus Status, string Description, TimeSpan At, bool OutOfMemory = false, PortHolder? PortTakenBy = null, IReadOnlyList<int>? Survivors = null)
{
    public bool IsSuccess => Status is { Reason: ExitKind.Exit, Code: 0 };
}
