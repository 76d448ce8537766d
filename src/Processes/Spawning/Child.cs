namespace Supervisor.Processes;

/// <summary>A process that we started and shall reap. Thread-safe. Holds no descriptor: nothing to dispose.</summary>
public sealed class Child
{
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

    /// <summary>Completes once the process has ended and has been reaped. Never faults, is never cancelled.</summary>
    public Task<ExitReason> Exited => _exited.Task;

    /// <summary>false: it has ended. Never reaches another process that got the same pid later.</summary>
    public bool TrySignal(int signal) => _reaper.TrySignal(Pid, signal, wholeGroup: false);

    /// <summary>The process and those of its descendants that stayed in its group. false: it has ended (what is left of it: <see cref="ProcessScope.Signal"/>).</summary>
    public bool TrySignalGroup(int signal) => _reaper.TrySignal(Pid, signal, wholeGroup: true);

    internal void Complete(ExitReason reason) => _exited.TrySetResult(reason);
}
