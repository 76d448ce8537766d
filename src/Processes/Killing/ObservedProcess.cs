using System.Runtime.InteropServices;

namespace Supervisor.Processes;

/// <summary>
/// A process as last seen in /proc. A signal goes through a pidfd after the start time has been compared, so a process that reuses the pid gets none.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ObservedProcess(int Pid, ulong StartTicks)
{
    public static IEnumerable<ObservedProcess> Living(IEnumerable<int> pids)
    {
        foreach (var pid in pids)
        {
            if (ProcFile.TryReadStat(pid) is { State: not ('Z' or 'X') } stat)
                yield return new ObservedProcess(pid, stat.StartTicks);
        }
    }

    public bool IsAlive => ProcFile.TryReadStat(Pid) is { State: not ('Z' or 'X') } now && now.StartTicks == StartTicks;

    /// <summary>false: the process has ended.</summary>
    public bool TrySignal(int signal)
    {
        using var pidfd = Pidfd.TryOpen(Pid);
        return pidfd is not null && IsAlive && Pidfd.TrySignal(pidfd, signal);
    }
}
