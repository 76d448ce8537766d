using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Interop;

namespace Supervisor.Watcher.Sources;

/// <summary>
/// One directory held open while it is watched and read, so that both apply to the same directory even if something is renamed
/// meanwhile. Dispose closes it; copies share the descriptor.
/// </summary>
[SupportedOSPlatform("linux")]
internal readonly unsafe struct OpenDirectory : IDisposable
{
    // Some FUSE file systems give longer names than any other call then takes.
    private const int LongestName = 255;

    private OpenDirectory(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; }

    /// <param name="path">Absolute, ended by a zero byte.</param>
    /// <param name="followLink">False: a symbolic link as last part of the path is refused.</param>
    /// <param name="error">errno when there is no directory to be had.</param>
    public static bool TryOpen(ReadOnlySpan<byte> path, bool followLink, out OpenDirectory directory, out int error)
    {
        fixed (byte* start = path)
        {
            var flags = LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC | (followLink ? 0 : LibC.O_NOFOLLOW);
            var descriptor = LibC.openat(LibC.AT_FDCWD, start, flags, mode: 0);
            error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
            directory = new OpenDirectory(descriptor);
            return descriptor >= 0;
        }
    }

    /// <summary>The directory itself.</summary>
    public FileState Stat()
    {
        LibC.Statx result;
        var empty = (byte)0;
        return LibC.statx(Descriptor, &empty, LibC.AT_EMPTY_PATH, LibC.STATX_BASIC_STATS, &result) == 0 ? StatxConverter.ToState(result) : default;
    }

    /// <summary>Something in the directory; the default value when it is gone again.</summary>
    /// <param name="name">Ended by a zero byte behind the span, as <see cref="Read"/> gives it.</param>
    public FileState Stat(ReadOnlySpan<byte> name, bool followLink)
    {
        LibC.Statx result;
        var flags = followLink ? 0 : LibC.AT_SYMLINK_NOFOLLOW;

        fixed (byte* start = name)
            return LibC.statx(Descriptor, start, flags, LibC.STATX_BASIC_STATS, &result) == 0 ? StatxConverter.ToState(result) : default;
    }

    /// <summary>Fills the buffer with the next entries for <see cref="NextName"/>; 0 at the end, negative errno when the directory cannot be read.</summary>
    public int Read(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            var length = (int)LibC.getdents64(Descriptor, start, (nuint)buffer.Length);
            return length < 0 ? -Marshal.GetLastPInvokeError() : length;
        }
    }

    /// <summary>Begins again with the first entry.</summary>
    public void Rewind() => LibC.lseek(Descriptor, offset: 0, LibC.SEEK_SET);

    /// <summary>Takes the first name off the front; false when none is left. "." and ".." are passed over.</summary>
    /// <param name="mayBeDirectory">False only when the file system says that it is something else, and no link to a directory.</param>
    public static bool NextName(ref ReadOnlySpan<byte> entries, out ReadOnlySpan<byte> name, out bool mayBeDirectory)
    {
        // struct linux_dirent64: inode 0..8, offset 8..16, record length 16..18, type 18, name 19.., ended by zero.
        while (!entries.IsEmpty)
        {
            var record = entries[..BinaryPrimitives.ReadUInt16LittleEndian(entries[16..])];
            entries = entries[record.Length..];
            mayBeDirectory = record[18] is LibC.DT_UNKNOWN or LibC.DT_DIR or LibC.DT_LNK;
            name = record[19..];
            name = name[..name.IndexOf((byte)0)];

            if (name.Length <= LongestName && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                return true;
        }

        name = default;
        mayBeDirectory = false;
        return false;
    }

    /// <summary>Its path without links, as of now, and closes it.</summary>
    /// <param name="otherwise">When the kernel does not say.</param>
    public string RealPath(string otherwise)
    {
        using (this)
            return Directory.ResolveLinkTarget($"/proc/self/fd/{Descriptor}", returnFinalTarget: false)?.FullName ?? otherwise;
    }

    public void Dispose()
    {
        if (Descriptor >= 0)
            LibC.close(Descriptor);
    }
}
