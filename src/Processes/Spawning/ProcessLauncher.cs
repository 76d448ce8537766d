namespace Supervisor.Processes;

/// <summary>
/// Starts processes. Makes this process a child subreaper with its own reaper: orphans of our children are re-parented to us and reaped here. Thread-safe.
/// All launchers of a process share one spawning thread and one reaper, which live as long as the process: the parent-death signal of a child is tied to
/// the thread that forked it, so that thread must never end.
/// </summary>
/// <remarks>A process that uses this must not wait for children in any other way (waitpid, <see cref="System.Diagnostics.Process"/>).</remarks>
public sealed class ProcessLauncher : IDisposable
{
    private readonly TimeProvider _time;
    private bool _disposed;

    public ProcessLauncher(TimeProvider time)
    {
        _time = time;
        SpawnThread.Shared.EnsureRunning();
    }

    /// <summary>Returns once the system has accepted the program. Takes about a millisecond.</summary>
    /// <exception cref="SpawnException">The program could not be started; no process exists.</exception>
    public Child Spawn(SpawnRequest request)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);

        return SpawnThread.Shared.Spawn(request, _time);
    }

    /// <summary>Allows no further spawn; children continue and are reaped when they end.</summary>
    public void Dispose() => _disposed = true;
}
