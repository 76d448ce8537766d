using System.Runtime.InteropServices;

namespace Supervisor.Stress.Observing.Interop;

internal static unsafe partial class LibC
{
    public const int CLOCK_BOOTTIME = 7;

    /// <param name="time">struct timespec: seconds and nanoseconds, each a word.</param>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int clock_gettime(int clock, nint* time);
}
