using System.ComponentModel;
using System.Runtime.InteropServices;
using Supervisor.Stress.Observing.Interop;
using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Observing;

/// <summary>
/// One moment on three clocks: maps the times that the tree tells and those that the kernel tells to the run's. Read anew for each look, so that neither a
/// step of the wall clock nor a machine that slept bends what comes after it.
/// </summary>
/// <param name="Now">On the run's clock.</param>
/// <param name="Wall">What the tree's boards and ledgers speak.</param>
/// <param name="SinceBoot">What the kernel stamps processes with.</param>
internal sealed record RunClock(TimeSpan Now, DateTimeOffset Wall, TimeSpan SinceBoot)
{
    public static RunClock Read(IRecord record) => new(record.Now, DateTimeOffset.UtcNow, BootClock());

    public TimeSpan FromWall(DateTimeOffset at) => Now + (at - Wall);

    /// <param name="ticks">Field 22 of /proc/PID/stat.</param>
    public TimeSpan FromStartTicks(long ticks) => Now + (ProcStat.FromTicks(ticks) - SinceBoot);

    // Not /proc/uptime: a container may show its own age there, while start ticks stay the machine's.
    private static unsafe TimeSpan BootClock()
    {
        var time = stackalloc nint[2];
        return LibC.clock_gettime(LibC.CLOCK_BOOTTIME, time) == 0
            ? TimeSpan.FromTicks((time[0] * TimeSpan.TicksPerSecond) + (time[1] / TimeSpan.NanosecondsPerTick))
            : throw new Win32Exception(Marshal.GetLastPInvokeError(), "clock_gettime(CLOCK_BOOTTIME) failed");
    }
}
