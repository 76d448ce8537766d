using Supervisor.Host.Ports;

namespace Supervisor.Host.Serving;

/// <summary>One attempt to start a server, before a process exists.</summary>
internal sealed record Launch(int Generation, Cause Cause);

/// <summary>One server that was started.</summary>
/// <param name="Port">The port it was told to use, where the service declares one.</param>
internal sealed record ServerRun(Launch Launch, int Pid, int? Port, Moment StartedAt)
{
    public int Generation => Launch.Generation;
}

/// <summary>How a run ended; told only when everything it started is gone too.</summary>
/// <param name="At">When its main process ended: backoff counts from here.</param>
/// <param name="Words">For people, for example "exited with code 1".</param>
/// <param name="OutOfMemory">The kernel killed it, or part of it, at its memory limit.</param>
/// <param name="PortTakenBy">Who holds the declared port now that the run is gone.</param>
/// <param name="Survivors">What could not be killed (a process in uninterruptible sleep).</param>
internal sealed record ServerEnd(
    ExitStatus Exit, string Words, TimeSpan At, bool OutOfMemory = false, PortHolder? PortTakenBy = null, IReadOnlyList<int>? Survivors = null)
{
    public bool IsSuccess => Exit is { Reason: ExitKind.Exit, Code: 0 };
}
