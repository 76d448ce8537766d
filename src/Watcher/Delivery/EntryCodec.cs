using Supervisor.Filtering;

namespace Supervisor.Watcher.Delivery;

/// <summary>
/// One path and its state (or that it is gone) in some 50 bytes: of the directories that it shares with the entry before, only their length
/// is written. Starts over with each record, so that every record can be read by itself. One user at a time.
/// </summary>
internal sealed class EntryCodec
{
    private const byte Removed = 0x80, HasHash = 0x40, Racy = 0x20, KindMask = 0x0F;

    private char[] _previous = new char[256];
    private int _previousLength;
    private byte[] _suffix = new byte[256];

    public void StartRecord() => _previousLength = 0;

    public void Write(RecordBuffer record, ReadOnlySpan<char> path, FileState? state)
    {
        // Whole directories only: between two slashes a cut could fall into a surrogate pair.
        var common = path.CommonPrefixLength(_previous.AsSpan(0, _previousLength));
        var shared = path[..common].LastIndexOf('/') + 1;
        var suffix = path[shared..];

        if (_suffix.Length < FileName.MaxBytes(suffix.Length))
            _suffix = new byte[FileName.MaxBytes(suffix.Length)];

        record.WriteVarint((ulong)shared);
        record.WriteBytes(_suffix.AsSpan(0, FileName.Encode(suffix, _suffix)));
        Remember(shared, suffix);

        if (state is { } present)
            Write(record, present);
        else
            record.WriteByte(Removed);
    }

    /// <summary>Reads one entry and hands it on.</summary>
    /// <exception cref="InvalidDataException">The bytes are no entry.</exception>
    public void Read(ref PayloadReader record, IStateSink sink)
    {
        var shared = record.ReadVarint();
        var suffix = record.ReadBytes();

        if (shared > (ulong)_previousLength)
            throw new InvalidDataException("A path in the change log shares more with the one before than that has.");

        Reserve((int)shared + suffix.Length);
        _previousLength = (int)shared + FileName.Decode(suffix, _previous.AsSpan((int)shared));
        var path = _previous.AsSpan(0, _previousLength);

        var flags = record.ReadByte();

        if ((flags & Removed) != 0)
            sink.Remove(path);
        else
            sink.Set(path, ReadState(ref record, flags));
    }

    private static void Write(RecordBuffer record, in FileState state)
    {
        record.WriteByte((byte)((byte)state.Kind | (state.ContentHash != 0 ? HasHash : 0) | (state.Racy ? Racy : 0)));
        record.WriteFixed16(state.Mode);
        record.WriteVarint(state.Device);
        record.WriteVarint(state.Inode);
        record.WriteVarint((ulong)state.Size);
        record.WriteFixed64((ulong)state.ModifiedNs);
        record.WriteFixed64((ulong)state.ChangedNs);

        if (state.ContentHash != 0)
            record.WriteFixed64(state.ContentHash);
    }

    private static FileState ReadState(ref PayloadReader record, byte flags) => new(
        Kind: (FileKind)(flags & KindMask),
        Mode: record.ReadFixed16(),
        Device: record.ReadVarint(),
        Inode: record.ReadVarint(),
        Size: (long)record.ReadVarint(),
        ModifiedNs: (long)record.ReadFixed64(),
        ChangedNs: (long)record.ReadFixed64(),
        ContentHash: (flags & HasHash) != 0 ? record.ReadFixed64() : 0,
        Racy: (flags & Racy) != 0);

    private void Remember(int shared, ReadOnlySpan<char> suffix)
    {
        Reserve(shared + suffix.Length);
        suffix.CopyTo(_previous.AsSpan(shared));
        _previousLength = shared + suffix.Length;
    }

    private void Reserve(int length)
    {
        if (_previous.Length < length)
            Array.Resize(ref _previous, Math.Max(length, _previous.Length * 2));
    }
}
