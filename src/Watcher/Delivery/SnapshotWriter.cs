using Microsoft.Win32.SafeHandles;

namespace Supervisor.Watcher.Delivery;

/// <summary>
/// Writes a new change log beside the old one, entry by entry, and puts it in its place by renaming. Left without <see cref="Publish"/>,
/// the new file is removed and the old one stands. No fsync: a killed process leaves its writes to the kernel, and a machine that went down
/// takes the servers along.
/// </summary>
public sealed class SnapshotWriter : IDisposable
{
    private const int PieceSize = 64 << 10;

    private readonly string _path;
    private readonly RecordBuffer _record = new();
    private readonly EntryCodec _codec = new();
    private SafeFileHandle? _file;

    /// <exception cref="IOException">The file cannot be made; also from every other method, when the disk is full.</exception>
    internal SnapshotWriter(string path)
    {
        _path = path;
        _file = LogFiles.Open(Unfinished, FileMode.Create, FileAccess.ReadWrite);
    }

    internal long Length { get; private set; }

    private string Unfinished => _path + ".new";

    /// <param name="path">Absolute. Parents before their children.</param>
    public void Add(ReadOnlySpan<char> path, in FileState state)
    {
        _codec.Write(_record, path, state);

        if (_record.PayloadLength >= PieceSize)
            Flush(RecordKind.Entries);
    }

    public void Dispose()
    {
        if (_file is null)
            return;

        _file.Dispose();
        LogFiles.TryDelete(Unfinished);
    }

    internal void Begin(LogHeader header)
    {
        header.Write(_record);
        Flush(RecordKind.Header);
    }

    /// <summary>Ends the snapshot; what is appended next are records.</summary>
    internal void EndSnapshot()
    {
        if (_record.PayloadLength > 0)
            Flush(RecordKind.Entries);

        Flush(RecordKind.SnapshotEnd);
    }

    /// <summary>Whole records of another log, as they are; from its beginning, they are a log of their own.</summary>
    internal void Copy(SafeFileHandle source, long from, long to)
    {
        var piece = new byte[PieceSize];

        while (from < to)
        {
            var read = RandomAccess.Read(source, piece.AsSpan(0, (int)Math.Min(piece.Length, to - from)), from);

            if (read == 0)
                throw new IOException($"{_path} became shorter than {to} bytes while it was read.");

            RandomAccess.Write(_file!, piece.AsSpan(0, read), Length);
            Length += read;
            from += read;
        }
    }

    /// <summary>Puts the file in its place and hands it over, open for appending at <see cref="Length"/>.</summary>
    internal SafeFileHandle Publish()
    {
        File.Move(Unfinished, _path, overwrite: true);
        var file = _file!;
        _file = null;
        return file;
    }

    private void Flush(RecordKind kind)
    {
        var framed = _record.Framed(kind);
        RandomAccess.Write(_file!, framed, Length);
        Length += framed.Length;
        _record.Clear();
        _codec.StartRecord();
    }
}
