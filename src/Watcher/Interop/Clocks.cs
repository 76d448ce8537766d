using System.Runtime.InteropServices;

namespace Supervisor.Watcher.Interop;

/// <summary>The kernel's clocks that .NET has no name for. Any thread.</summary>
internal static unsafe partial class Clocks
{
    private const int CLOCK_MONOTONIC = 1;
    private const int CLOCK_BOOTTIME = 7;

    /// <summary>How long the machine has been asleep since it was started: the one clock goes on in sleep, the other does not.</summary>
    public static TimeSpan TimeAsleep() => Read(CLOCK_BOOTTIME) - Read(CLOCK_MONOTONIC);

    private static TimeSpan Read(int clock)
    {
        Timespec now;
        return clock_gettime(clock, &now) == 0 ? TimeSpan.FromSeconds(now.Seconds) + TimeSpan.FromTicks(now.Nanoseconds / 100) : TimeSpan.Zero;
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, Timespec* time);

    // Both are 64 bits wide on every 64-bit Linux.
    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
