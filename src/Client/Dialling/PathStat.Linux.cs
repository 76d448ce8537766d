using Supervisor.Client.Interop;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Supervisor.Client;

internal sealed partial record PathStat
{
    private const int PermissionBits = 0xFFF;

    /// <summary>null: nothing there.</summary>
    public static unsafe PathStat? TryRead(string path)
    {
        LibC.Statx facts;

        if (LibC.statx(LibC.AT_FDCWD, path, LibC.AT_SYMLINK_NOFOLLOW, LibC.STATX_BASIC_STATS, &facts) == 0)
        {
            return new PathStat(
                KindOf(facts.Mode), facts.Uid, (UnixFileMode)(facts.Mode & PermissionBits), facts.Inode,
                ((ulong)facts.DeviceMajor << 32) | facts.DeviceMinor);
        }

        var errno = Marshal.GetLastPInvokeError();

        return errno is LibC.ENOENT or LibC.ENOTDIR
            ? null
            : throw new RuntimeDirectoryException($"{path}: cannot be read: {new Win32Exception(errno).Message}.");
    }

    private static PathKind KindOf(ushort mode) => (mode & LibC.S_IFMT) switch
    {
        LibC.S_IFDIR => PathKind.Directory,
        LibC.S_IFREG => PathKind.File,
        LibC.S_IFLNK => PathKind.SymbolicLink,
        LibC.S_IFSOCK => PathKind.Socket,
        _ => PathKind.Other,
    };
}
