namespace Supervisor.Processes;

/// <summary>
/// Identifies one run of one process. Two runs never compare equal, even if the system reuses the pid. Can be stored and compared after a restart of the
/// reader.
/// </summary>
/// <param name="PidfdInode">
/// Inode of the process's pidfd: unique per boot (Linux 6.9 and later). On older kernels, where all pidfds have the same inode: the start time in ticks
/// with the top bit set.
/// </param>
/// <param name="BootId">The boot that the process belongs to: after a reboot no stored process is alive.</param>
public readonly record struct ProcessIdentity(int Pid, ulong PidfdInode, string BootId)
{
    /// <summary>The process that has this pid now; null: none.</summary>
    public static ProcessIdentity? TryRead(int pid)
    {
        using var handle = Pidfd.TryOpen(pid);
        return handle is null ? null : Pidfd.Identify(pid, handle);
    }

    public static ProcessIdentity Own() =>
        TryRead(Environment.ProcessId) ?? throw new InvalidOperationException("This process cannot open a pidfd of itself.");

    /// <summary>false for a zombie.</summary>
    public bool IsAlive => TryRead(Pid) == this && ProcFile.IsAlive(Pid);
}
