using System.Collections.Frozen;

namespace Supervisor.Watcher.Sources.Backends;

/// <summary>How far the kernel's events can be trusted, judging by the file system type alone.</summary>
internal enum EventTrust
{
    /// <summary>Unknown type: a probe file has to decide.</summary>
    Unproven,

    /// <summary>Every change passes through this kernel, which reports it.</summary>
    Whole,

    /// <summary>Changes are made elsewhere too, without events: by another machine, by the host of a guest, behind a user-space file system.</summary>
    Partial,
}

/// <summary>
/// The known file system types. Sources: the tables of watchman (<c>fstype.cpp</c>), git's fsmonitor, coreutils' <c>tail -f</c>
/// (<c>stat.c</c>), and the kernel's own names (<c>/proc/filesystems</c>). Pure.
/// </summary>
internal static class FileSystemTypes
{
    private static readonly FrozenSet<string> Local = FrozenSet.Create(
        StringComparer.Ordinal,
        "ext2", "ext3", "ext4", "xfs", "btrfs", "bcachefs", "f2fs", "zfs", "jfs", "reiserfs", "nilfs2", "tmpfs", "overlay", "vfat", "exfat", "ntfs3");

    private static readonly FrozenSet<string> Shared = FrozenSet.Create(
        StringComparer.Ordinal,
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "coda", "ceph", "lustre", "gfs2", "ocfs2", "beegfs", "9p", "virtiofs", "vboxsf",
        "prl_fs", "vmhgfs", "drvfs", "grpcfuse", "osxfs", "fakeowner");

    /// <param name="type">As mountinfo has it; null: not known.</param>
    public static EventTrust TrustIn(string? type) => type switch
    {
        null => EventTrust.Unproven,
        _ when Local.Contains(type) => EventTrust.Whole,
        _ when Shared.Contains(type) => EventTrust.Partial,

        // Not "fuseblk": that is a disk of our own under a driver in user space.
        "fuse" => EventTrust.Partial,
        _ when type.StartsWith("fuse.", StringComparison.Ordinal) => EventTrust.Partial,
        _ => EventTrust.Unproven,
    };
}
