using System.Buffers.Binary;
using System.Text;

namespace Supervisor.Watcher.Delivery;

/// <summary>Builds one record behind the room for its frame, so that both go out in one write. Reused; one user at a time.</summary>
internal sealed class RecordBuffer
{
    private const int Initial = 4096;

    private byte[] _bytes = new byte[Initial];
    private int _length = LogFormat.FrameSize;

    public int PayloadLength => _length - LogFormat.FrameSize;

    public void Clear() => _length = LogFormat.FrameSize;

    /// <summary>Between two records: gives back what a large one made room for.</summary>
    public void Trim()
    {
        Clear();

        if (_bytes.Length > Initial)
            _bytes = new byte[Initial];
    }

    /// <summary>The framed record; valid until the buffer is touched again.</summary>
    public ReadOnlySpan<byte> Framed(RecordKind kind)
    {
        var payload = _bytes.AsSpan(LogFormat.FrameSize, PayloadLength);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(4), LogFormat.Checksum(kind, payload));
        _bytes[8] = (byte)kind;
        return _bytes.AsSpan(0, _length);
    }

    public void WriteByte(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    public void WriteFixed16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Room(2), value);
        _length += 2;
    }

    public void WriteFixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);
        _length += 8;
    }

    /// <summary>Seven bits a byte, lowest first: small numbers are short.</summary>
    public void WriteVarint(ulong value)
    {
        var room = Room(10);

        for (; value >= 0x80; value >>= 7)
        {
            room[0] = (byte)(value | 0x80);
            room = room[1..];
            _length++;
        }

        room[0] = (byte)value;
        _length++;
    }

    public void WriteText(string text) => WriteBytes(Encoding.UTF8.GetBytes(text));

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteVarint((ulong)bytes.Length);
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Room(int size)
    {
        if (_bytes.Length - _length < size)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + size));

        return _bytes.AsSpan(_length);
    }
}
