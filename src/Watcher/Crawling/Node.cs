using System.Runtime.InteropServices;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// One entry of the state map, in 64 bytes: a million files are 64 MB. Other nodes are referred to by number, 0 for none. Data of directories only
/// is in a <see cref="DirectoryRecord"/>; the map reads and writes the state, because it knows the devices.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Node
{
    // Bits 0..2 kind, 3 racy, 4 has a directory record, 5 mark, 6..17 permissions, 18..31 number of the device.
    private const uint KindMask = 0x7;
    private const uint RacyBit = 1 << 3;
    private const uint DirectoryBit = 1 << 4;
    private const uint MarkBit = 1 << 5;
    private const int ModeShift = 6;
    private const uint ModeMask = 0xfff;
    private const int DeviceShift = 18;

    public int Parent;
    public int NextSibling;
    public int PreviousSibling;
    public int NextInBucket;

    /// <summary>Number of the name in the arena.</summary>
    public int Name;

    private uint _bits;
    private ulong _inode;
    private long _size;
    private long _modifiedNs;
    private long _changedNs;

    // A directory has no content that could be hashed, a file no record.
    private ulong _hashOrDirectory;

    public readonly FileKind Kind => (FileKind)(_bits & KindMask);

    /// <summary>False: not there, or not looked at yet.</summary>
    public readonly bool Exists => Kind != default;

    public readonly bool IsDirectory => Kind == FileKind.Directory;

    public readonly int Device => (int)(_bits >> DeviceShift);

    /// <summary>Number of the directory record; 0: it has none.</summary>
    public int Directory
    {
        readonly get => (_bits & DirectoryBit) != 0 ? (int)_hashOrDirectory : 0;
        set
        {
            _bits |= DirectoryBit;
            _hashOrDirectory = (ulong)value;
        }
    }

    /// <summary>Equal to its directory's mark if the last read of the directory found the entry, or it was added since.</summary>
    public bool Mark
    {
        readonly get => (_bits & MarkBit) != 0;
        set => _bits = value ? _bits | MarkBit : _bits & ~MarkBit;
    }

    public readonly FileState ToState(ulong device) => new(
        Kind, (ushort)((_bits >> ModeShift) & ModeMask), device, _inode, _size, _modifiedNs, _changedNs,
        (_bits & DirectoryBit) != 0 ? 0 : _hashOrDirectory, (_bits & RacyBit) != 0);

    public void Set(in FileState state, int device)
    {
        _bits = (_bits & (DirectoryBit | MarkBit)) | (uint)state.Kind | (state.Racy ? RacyBit : 0)
            | ((state.Mode & ModeMask) << ModeShift) | ((uint)device << DeviceShift);
        _inode = state.Inode;
        _size = state.Size;
        _modifiedNs = state.ModifiedNs;
        _changedNs = state.ChangedNs;

        if ((_bits & DirectoryBit) == 0)
            _hashOrDirectory = state.ContentHash;
    }
}
