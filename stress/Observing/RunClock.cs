using System.ComponentModel;
using System.Runtime.InteropServices;
using Supervisor.Stress.Observing.Interop;
using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Observing;

/// <summary>
/// One moment on three clocks: maps wall-clock times of the tree and start ticks of the kernel to the run's clock. Read anew for each use, so that a step of
/// the wall clock or a suspended machine does not affect later times.
/// </summary>
/// <param name="Now">On the run's clock.</param>
/// <param name="Wall">The clock of the tree's boards and ledgers.</param>
/// <param name="SinceBoot">The clock of process start times.</param>
internal sealed record RunClock(TimeSpan Now, DateTimeOffset Wall, TimeSpan SinceBoot)
{
    public static RunClock Read(IRecord record) => new(record.Now, DateTimeOffset.UtcNow, BootClock());

    public TimeSpan FromWall(DateTimeOffset at) => Now + (at - Wall);

    /// <param name="ticks">Field 22 of /proc/PID/stat.</param>
    public TimeSpan FromStartTicks(long ticks) => Now + (ProcStat.FromTicks(ticks) - SinceBoot);

    // Not /proc/uptime: a container may show its own age there, while start ticks are the machine's.
    private static unsafe TimeSpan BootClock()
    {
        var time = stackalloc nint[2];
        return LibC.clock_gettime(LibC.CLOCK_BOOTTIME, time) == 0
            ? TimeSpan.FromTicks((time[0] * TimeSpan.TicksPerSecond) + (time[1] / TimeSpan.NanosecondsPerTick))
            : throw new Win32Exception(Marshal.GetLastPInvokeError(), "clock_gettime(CLOCK_BOOTTIME) failed");
    }
}
