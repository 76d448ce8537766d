using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace Supervisor.Processes;

/// <summary>
/// A process that is not our child but that we have taken over. Held by a pidfd: a later process with the same pid is never meant. Thread-safe;
/// whoever opened it disposes it.
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

    /// <summary>Completes once it has ended, reaped or not. Never, after disposal.</summary>
    public Task Gone => _gone.Task;

    /// <summary>null: that run of that process is over.</summary>
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

    /// <summary>false: it has ended, or has become another user's.</summary>
    public bool TrySignal(int signal) => !_gone.Task.IsCompleted && Pidfd.TrySignal(_pidfd, signal);

    public void Dispose()
    {
        PidfdWatch.Shared.Remove(_pidfd);
        _pidfd.Dispose();
    }
}
