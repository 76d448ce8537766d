namespace Supervisor.Watcher.Delivery;

/// <summary>What a directory entry is. The numbers are written to disk: never renumber.</summary>
public enum FileKind : byte
{
    File = 1,
    Directory = 2,

    /// <summary>The link itself, where it is not followed. One that is followed has the state of what it leads to.</summary>
    Link = 3,

    /// <summary>Pipe, socket or device: listed, never opened.</summary>
    Other = 4,
}

/// <summary>
/// What <c>lstat</c> said of one directory entry (<c>stat</c> of a link that is followed), and the hash of its content if it was read: the value of the state map,
/// of the log's records and of a pending change's before and after. Times are nanoseconds since 1970, by the file system's clock.
/// </summary>
/// <param name="Mode">Permission bits only (the lower 12).</param>
/// <param name="ContentHash">Of a file's bytes or a link's target; 0: not read yet.</param>
/// <param name="Racy">
/// Taken so soon after its change that a further write may have left the times as they are: the times prove nothing.
/// </param>
public readonly record struct FileState(
    FileKind Kind, ushort Mode, ulong Device, ulong Inode, long Size, long ModifiedNs, long ChangedNs,
    ulong ContentHash = 0, bool Racy = false)
{
    /// <summary>Nothing that <c>lstat</c> reports differs. Equality by <c>==</c> would also compare hash and raciness.</summary>
    public bool HasSameStat(in FileState other) =>
        Kind == other.Kind && Mode == other.Mode && IsSameInode(other)
        && Size == other.Size && ModifiedNs == other.ModifiedNs && ChangedNs == other.ChangedNs;

    public bool IsSameInode(in FileState other) => Inode == other.Inode && Device == other.Device;
}
