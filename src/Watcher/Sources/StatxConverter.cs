using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Interop;

namespace Supervisor.Watcher.Sources;

/// <summary>Converts the kernel's struct into a <see cref="FileState"/>.</summary>
internal static class StatxConverter
{
    private const long Second = 1_000_000_000;
    private const long NanosecondsPerTick = 100;

    /// <summary>The kernel's coarse clock ticks every 4 to 10 ms: within it two writes can carry the same time.</summary>
    private const long CoarseClock = 20_000_000;

    // From 6.13 on, a file whose times were read gets a fine-grained time at its next change (multigrain timestamps).
    private static readonly bool TimesTellWritesApart = Environment.OSVersion.Version >= new Version(6, 13);

    public static FileState ToState(in LibC.Statx statx)
    {
        var changed = Nanoseconds(statx.Changed);

        return new FileState(
            (ushort)(statx.Mode & LibC.S_IFMT) switch
            {
                LibC.S_IFREG => FileKind.File,
                LibC.S_IFDIR => FileKind.Directory,
                LibC.S_IFLNK => FileKind.Link,
                _ => FileKind.Other,
            },
            (ushort)(statx.Mode & 0xfff),
            ((ulong)statx.DeviceMajor << 32) | statx.DeviceMinor,
            statx.Inode,
            (long)statx.Size,
            Nanoseconds(statx.Modified),
            changed,
            Racy: !TimesTellWritesApart && Math.Abs(WallClock() - changed) < CoarseClock);
    }

    // Wraps for years beyond 2262, which is fine: times are only ever compared for being equal.
    private static long Nanoseconds(in LibC.StatxTimestamp time) => unchecked((time.Seconds * Second) + time.Nanoseconds);

    // The system's clock on purpose, not a test's: it is compared with times that the kernel gave.
    private static long WallClock() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
}
