using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Interop;

namespace Supervisor.Watcher.Sources;

/// <summary>Stats single paths and hashes their content. Thread-safe; holds nothing.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class FileInspector
{
    /// <summary>Larger files are compared by their metadata: reading them would cost more than a reload too many.</summary>
    public const long LargestHashed = 1024 * 1024;

    public const int BufferSize = 64 * 1024;

    /// <summary>The default value (kind 0) when nothing is there.</summary>
    /// <param name="path">Absolute, ended by a zero byte.</param>
    public static FileState Stat(ReadOnlySpan<byte> path, bool followLink)
    {
        LibC.Statx result;
        var flags = followLink ? 0 : LibC.AT_SYMLINK_NOFOLLOW;

        fixed (byte* start = path)
            return LibC.statx(LibC.AT_FDCWD, start, flags, LibC.STATX_BASIC_STATS, &result) == 0 ? StatxConverter.ToState(result) : default;
    }

    /// <summary>
    /// Hash of a file's bytes or a link's target; 0 when there is none to be had: not such a thing, too large, unreadable, or no longer what
    /// <paramref name="found"/> says. A hash of newer bytes than the state's would make a change to just those bytes invisible.
    /// </summary>
    public static ulong ContentHash(ReadOnlySpan<byte> path, in FileState found, byte[] buffer, bool followLink = false)
    {
        var hash = found.Kind switch
        {
            FileKind.File when found.Size <= LargestHashed => HashFile(path, buffer, followLink),
            FileKind.Link => HashLink(path, buffer),
            _ => 0UL,
        };

        return hash != 0 && Stat(path, followLink) is { Racy: false } now && now.HasSameStat(found) ? hash : 0;
    }

    private static ulong HashFile(ReadOnlySpan<byte> path, byte[] buffer, bool followLink)
    {
        fixed (byte* start = path)
        {
            // Without O_NONBLOCK a pipe that has taken the file's place would hold this thread until somebody writes to it.
            var flags = LibC.O_RDONLY | (followLink ? 0 : LibC.O_NOFOLLOW) | LibC.O_CLOEXEC | LibC.O_NONBLOCK;
            var descriptor = LibC.openat(LibC.AT_FDCWD, start, flags, mode: 0);

            if (descriptor < 0)
                return 0;

            using var file = new SafeFileHandle(descriptor, ownsHandle: true);
            return HashFile(descriptor, buffer);
        }
    }

    private static ulong HashFile(int descriptor, byte[] buffer)
    {
        var hash = new ContentHash();
        var total = 0L;

        fixed (byte* start = buffer)
        {
            while (total <= LargestHashed)
            {
                var length = (int)LibC.read(descriptor, start, (nuint)buffer.Length);

                if (length <= 0)
                    return length < 0 ? 0 : hash.Finish();

                hash.Append(buffer.AsSpan(0, length));
                total += length;
            }
        }

        return 0;
    }

    private static ulong HashLink(ReadOnlySpan<byte> path, byte[] buffer)
    {
        fixed (byte* start = path, target = buffer)
        {
            var length = (int)LibC.readlinkat(LibC.AT_FDCWD, start, target, (nuint)buffer.Length);
            return length < 0 ? 0 : Delivery.ContentHash.Of(buffer.AsSpan(0, length));
        }
    }
}
