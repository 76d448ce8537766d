namespace Supervisor.Processes;

/// <summary>A process that we started and will reap. Thread-safe. Holds no descriptor: nothing to dispose.</summary>
public sealed class Child
{
    /// <summary>The kernel updates its counters of resident pages in batches.</summary>
    private const long CounterTolerance = 1 << 20;

    private readonly Reaper _reaper;
    private readonly TaskCompletionSource<ExitReason> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Child(ProcessIdentity identity, DateTimeOffset startedAt, Reaper reaper)
    {
        Identity = identity;
        StartedAt = startedAt;
        _reaper = reaper;
    }

    public ProcessIdentity Identity { get; }

    public int Pid => Identity.Pid;

    public DateTimeOffset StartedAt { get; }

    /// <summary>Completes once the process has ended and has been reaped. Never faults and is never cancelled.</summary>
    public Task<ExitReason> Exited => _exited.Task;

    /// <summary>false: it has ended. Never reaches a later process with the same pid.</summary>
    public bool TrySignal(int signal) => _reaper.TrySignal(Pid, signal, wholeGroup: false);

    /// <summary>
    /// Signals the process and those of its descendants that are in its group. false: it has ended (for its remains see <see
    /// cref="ProcessScope.Signal"/>).
    /// </summary>
    public bool TrySignalGroup(int signal) => _reaper.TrySignal(Pid, signal, wholeGroup: true);

    /// <summary>
    /// The most memory in bytes that it, or one of the descendants that it waited for, ever held; set once it has exited. null: not known. The kernel
    /// counts in what this process held when it spawned the child, so a smaller peak of the child cannot be told.
    /// </summary>
    public long? PeakResidentBytes { get; private set; }

    /// <summary>
    /// The file name of the program that it ran at its end, cut to 15 bytes (the kernel's <c>comm</c>); set once it has exited. null: not known.
    /// </summary>
    public string? LastProgram { get; private set; }

    internal void Complete(ExitReason reason, long maxResidentBytes, string? lastProgram)
    {
        LastProgram = lastProgram;
        PeakResidentBytes = maxResidentBytes > ProcessStatistics.PeakResidentBytes(Environment.ProcessId) + CounterTolerance ? maxResidentBytes : null;
        _exited.TrySetResult(reason);
    }
}
