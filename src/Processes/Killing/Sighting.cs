using System.Runtime.InteropServices;

namespace Supervisor.Processes;

/// <summary>
/// A process as it was seen in /proc a moment ago. Signalled through a pidfd that is compared with the sighting first, so that a pid which
/// was reused in between is left alone.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Sighting(int Pid, ulong StartTicks)
{
    public static IEnumerable<Sighting> Of(IEnumerable<int> pids)
    {
        foreach (var pid in pids)
        {
            if (ProcFile.TryReadStat(pid) is { State: not ('Z' or 'X') } stat)
                yield return new Sighting(pid, stat.StartTicks);
        }
    }

    public bool IsAlive => ProcFile.TryReadStat(Pid) is { State: not ('Z' or 'X') } now && now.StartTicks == StartTicks;

    /// <summary>false: gone.</summary>
    public bool TrySignal(int signal)
    {
        using var pidfd = Pidfd.TryOpen(Pid);
        return pidfd is not null && IsAlive && Pidfd.TrySignal(pidfd, signal);
    }
}
