using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace Supervisor.Processes;

/// <summary>
/// A process that is not our child, held by a pidfd, so it is never confused with a later process of the same pid. Thread-safe; the opener disposes it.
/// </summary>
public sealed class ForeignProcess : IDisposable
{
    private readonly SafeFileHandle _pidfd;
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ForeignProcess(ProcessIdentity identity, SafeFileHandle pidfd)
    {
        Identity = identity;
        _pidfd = pidfd;
        PidfdWatch.Shared.Add(pidfd, _gone.SetResult);
    }

    public ProcessIdentity Identity { get; }

    /// <summary>Completes once the process has ended, reaped or not. Never completes after disposal.</summary>
    public Task Gone => _gone.Task;

    /// <summary>null: that process has ended.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The new object owns the descriptor.")]
    public static ForeignProcess? TryOpen(ProcessIdentity identity)
    {
        if (identity.BootId != Pidfd.BootId || Pidfd.TryOpen(identity.Pid) is not { } pidfd)
            return null;
        if (Pidfd.Identify(identity.Pid, pidfd) == identity && ProcFile.IsAlive(identity.Pid))
            return new ForeignProcess(identity, pidfd);

        pidfd.Dispose();
        return null;
    }

    /// <summary>false: it has ended, or now belongs to another user.</summary>
    public bool TrySignal(int signal) => !_gone.Task.IsCompleted && Pidfd.TrySignal(_pidfd, signal);

    public void Dispose()
    {
        PidfdWatch.Shared.Remove(_pidfd);
        _pidfd.Dispose();
    }
}
