namespace Supervisor.Processes;

/// <summary>
/// One run of one process. Two runs never compare equal, even when the system reuses the pid; may be written down and compared
/// after a restart of the reader.
/// </summary>
/// <param name="PidfdInode">
/// Inode of the process's pidfd: unique per boot (Linux 6.9 and later). On an older kernel, where every pidfd has the same inode, the
/// start time in ticks with the top bit set.
/// </param>
/// <param name="BootId">Of the boot that the process belongs to: after a reboot nothing written down before is alive.</param>
public readonly record struct ProcessIdentity(int Pid, ulong PidfdInode, string BootId)
{
    /// <summary>Who has this pid now; null when nobody has.</summary>
    public static ProcessIdentity? TryRead(int pid)
    {
        using var handle = Pidfd.TryOpen(pid);
        return handle is null ? null : Pidfd.Identify(pid, handle);
    }

    public static ProcessIdentity Own() =>
        TryRead(Environment.ProcessId) ?? throw new InvalidOperationException("This process cannot open a pidfd of itself.");

    /// <summary>It runs still; a zombie does not.</summary>
    public bool IsAlive => TryRead(Pid) == this && ProcFile.IsAlive(Pid);
}
