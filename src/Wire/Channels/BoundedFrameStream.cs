using System.Buffers.Binary;

namespace Supervisor.Wire.Channels;

/// <summary>
/// Reads the frames of a multiplexing stream (protocol 3) and fails at a frame that is longer than the library ever sends: the library's own reader
/// buffers any length that a frame claims. A frame is a MessagePack array: code, channel, source, and a payload of bytes. Everything else passes
/// unchanged. One reader and one writer at a time. Does not own the stream.
/// </summary>
internal sealed class BoundedFrameStream(Stream stream) : Stream
{
    /// <summary>The library splits content at 20 KiB.</summary>
    public const int MaxPayload = 32 * 1024;

    private const int MaxItem = 9;

    private readonly byte[] _item = new byte[MaxItem];
    private int _itemBytes;
    private int _itemsLeft;
    private int _payloadLeft;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">The bytes are not a frame, or the frame is too long.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await stream.ReadAsync(buffer, cancellationToken);
        Check(buffer.Span[..count]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        stream.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        stream.WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => stream.Write(buffer, offset, count);

    public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

    public override void Flush() => stream.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    internal void Check(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_payloadLeft > 0)
            {
                var skipped = Math.Min(_payloadLeft, bytes.Length);
                _payloadLeft -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            _item[_itemBytes++] = bytes[0];
            bytes = bytes[1..];

            if (_itemBytes == SizeOf(_item[0]))
                OnItem();
        }
    }

    private void OnItem()
    {
        var first = _item[0];
        var starts = _itemsLeft == 0;
        _itemsLeft = starts ? first & 0x0f : _itemsLeft - 1;
        _payloadLeft = starts ? 0 : PayloadLength();
        _itemBytes = 0;

        if (starts != IsArray(first) || _payloadLeft is < 0 or > MaxPayload)
            throw new InvalidDataException("The other end sent a frame that is not valid in a multiplexing stream, or is too long.");
    }

    private int PayloadLength() => _item[0] switch
    {
        0xc4 => _item[1],
        0xc5 => BinaryPrimitives.ReadUInt16BigEndian(_item.AsSpan(1)),
        0xc6 => BinaryPrimitives.ReadInt32BigEndian(_item.AsSpan(1)),
        _ => 0,
    };

    private static bool IsArray(byte first) => first is > 0x90 and <= 0x9f;

    /// <summary>Size of an item that begins with this byte, without the bytes of a payload.</summary>
    private static int SizeOf(byte first) => first switch
    {
        <= 0x7f or >= 0xe0 or 0xc0 => 1,
        > 0x90 and <= 0x9f => 1,
        0xc4 or 0xcc or 0xd0 => 2,
        0xc5 or 0xcd or 0xd1 => 3,
        0xc6 or 0xce or 0xd2 => 5,
        0xcf or 0xd3 => 9,
        _ => throw new InvalidDataException("The other end sent a frame that is not valid in a multiplexing stream."),
    };
}
