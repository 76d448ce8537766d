using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Supervisor.Watcher.Delivery;

/// <summary>
/// Reads records one after the other and stops at the first that is not whole: a torn tail is what a killed writer leaves behind.
/// </summary>
/// <param name="end">Reads no further than this.</param>
internal sealed class RecordReader(SafeFileHandle file, long end = long.MaxValue)
{
    private readonly byte[] _frame = new byte[LogFormat.FrameSize];
    private byte[] _payload = new byte[64 << 10];
    private int _payloadLength;

    /// <summary>Where the record that was read last ends.</summary>
    public long Position { get; private set; }

    public RecordKind Kind { get; private set; }

    /// <summary>Of the record that was read last.</summary>
    public PayloadReader Payload => new(_payload.AsSpan(0, _payloadLength));

    /// <exception cref="IOException">The system cannot read the file.</exception>
    public bool TryRead()
    {
        if (Position >= end || !TryFill(_frame, Position))
            return false;

        var length = BinaryPrimitives.ReadInt32LittleEndian(_frame);
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(_frame.AsSpan(4));
        var kind = (RecordKind)_frame[8];

        if (length is < 0 or > LogFormat.MaxPayload)
            return false;

        // A damaged length must not become an allocation: the file has to be that long.
        if (length > _payload.Length)
        {
            if (RandomAccess.GetLength(file) - Position < length)
                return false;

            _payload = new byte[length];
        }

        if (!TryFill(_payload.AsSpan(0, length), Position + LogFormat.FrameSize)
            || LogFormat.Checksum(kind, _payload.AsSpan(0, length)) != checksum)
        {
            return false;
        }

        Kind = kind;
        _payloadLength = length;
        Position += LogFormat.FrameSize + length;
        return true;
    }

    private bool TryFill(Span<byte> into, long from)
    {
        while (!into.IsEmpty)
        {
            var read = RandomAccess.Read(file, into, from);

            if (read == 0)
                return false;

            into = into[read..];
            from += read;
        }

        return true;
    }
}

/// <summary>Takes a payload apart. Its checksum was right, so what does not fit is another program's file.</summary>
/// <exception cref="InvalidDataException">From every method: the payload is not what it should be.</exception>
[StructLayout(LayoutKind.Auto)]
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    public readonly bool IsEmpty => _rest.IsEmpty;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadFixed16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ulong ReadVarint()
    {
        ulong value = 0;

        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;

            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("A number in the change log has no end.");
    }

    public string ReadText() => Encoding.UTF8.GetString(ReadBytes());

    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadVarint();
        return length <= (ulong)_rest.Length ? Take((int)length) : throw new InvalidDataException("A text in the change log has no end.");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_rest.Length < length)
            throw new InvalidDataException("A record of the change log is too short for what it says it holds.");

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
