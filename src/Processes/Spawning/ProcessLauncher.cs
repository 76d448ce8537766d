namespace Supervisor.Processes;

/// <summary>
/// Starts processes. Makes this process a child subreaper with a reaper of its own: whatever our children leave behind comes to us and is
/// reaped here. Thread-safe. All launchers of a process share one spawning thread and one reaper, which live as long as the process:
/// the parent-death signal of a child is tied to the thread that forked it, so that thread must never end.
/// </summary>
/// <remarks>A process that uses this must not wait for children in any other way (waitpid, <see cref="System.Diagnostics.Process"/>).</remarks>
public sealed class ProcessLauncher : IDisposable
{
    private readonly TimeProvider _time;
    private bool _disposed;

    public ProcessLauncher(TimeProvider time)
    {
        _time = time;
        Spawner.Shared.EnsureRunning();
    }

    /// <summary>Returns once the system has accepted the program. Takes about a millisecond.</summary>
    /// <exception cref="SpawnException">It could not be started; nothing was.</exception>
    public Child Spawn(SpawnRequest request)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);

        return Spawner.Shared.Spawn(request, _time);
    }

    /// <summary>No further spawn; children go on, and are reaped when they end.</summary>
    public void Dispose() => _disposed = true;
}
