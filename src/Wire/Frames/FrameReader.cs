using System.Buffers;

namespace Supervisor.Wire.Frames;

/// <summary>
/// Reads messages framed by <c>Content-Length</c> from a stream. Not thread-safe: the link's reading loop owns it. Throws the errors of the stream.
/// </summary>
internal sealed class FrameReader(Stream stream, TimeProvider time)
{
    private const int FirstBodyChunk = 4 * 1024;

    // The buffer is the limit: a header that does not fit is too long.
    private readonly byte[] _buffer = new byte[FrameLimits.HeaderBytes];
    private int _count;

    public async Task<FrameReadResult> ReadAsync(CancellationToken ending)
    {
        // Between messages a link may be silent for ever; the time limit starts with the first byte of a header.
        if (_count == 0 && await FillAsync(ending) == 0)
            return new FrameReadResult.Closed("the other end closed it");

        if (HeaderBytes() < 0 && await CompleteHeaderAsync(ending) is { } failure)
            return failure;

        var headerBytes = HeaderBytes();
        var header = FrameHeader.Parse(_buffer.AsSpan(0, headerBytes));
        Drop(headerBytes + HeaderEnd.Length);

        return header switch
        {
            FrameHeader.Complete(var length) => await ReadBodyAsync(length, ending),
            FrameHeader.Wrong(var code, var why) => new FrameReadResult.Refused(code, why),
            _ => throw new InvalidOperationException($"No such header: {header}"),
        };
    }

    private static ReadOnlySpan<byte> HeaderEnd => "\r\n\r\n"u8;

    private int HeaderBytes() => _buffer.AsSpan(0, _count).IndexOf(HeaderEnd);

    private async Task<FrameReadResult?> CompleteHeaderAsync(CancellationToken ending)
    {
        using var deadline = new Deadline(FrameLimits.HeaderTime, time, ending);

        try
        {
            while (HeaderBytes() < 0)
            {
                if (_count == _buffer.Length)
                    return Refused($"the header is longer than {FrameLimits.HeaderBytes} bytes");

                if (await FillAsync(deadline.Token) == 0)
                    return new FrameReadResult.Closed("the other end closed it in the middle of a header");
            }
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            return Refused($"the header did not end within {FrameLimits.HeaderTime.TotalSeconds} s");
        }

        return null;
    }

    private async Task<FrameReadResult> ReadBodyAsync(int length, CancellationToken ending)
    {
        // Grows with what arrives, not with what the header claims.
        var body = new ArrayBufferWriter<byte>(Math.Clamp(length, 1, FirstBodyChunk));
        var buffered = Math.Min(length, _count);
        body.Write(_buffer.AsSpan(0, buffered));
        Drop(buffered);

        if (body.WrittenCount < length && await CompleteBodyAsync(body, length, ending) is { } failure)
            return failure;

        return new FrameReadResult.Body(body.WrittenMemory);
    }

    private async Task<FrameReadResult?> CompleteBodyAsync(ArrayBufferWriter<byte> body, int length, CancellationToken ending)
    {
        using var deadline = new Deadline(FrameLimits.BodyTime, time, ending);

        try
        {
            while (body.WrittenCount < length)
            {
                var free = body.GetMemory();
                var wanted = Math.Min(free.Length, length - body.WrittenCount);
                var received = await stream.ReadAsync(free[..wanted], deadline.Token);

                if (received == 0)
                    return new FrameReadResult.Closed("the other end closed it in the middle of a message");

                body.Advance(received);
            }
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            return Refused($"the {length} bytes of the message did not come within {FrameLimits.BodyTime.TotalSeconds} s");
        }

        return null;
    }

    private async ValueTask<int> FillAsync(CancellationToken cancellationToken)
    {
        var received = await stream.ReadAsync(_buffer.AsMemory(_count), cancellationToken);
        _count += received;
        return received;
    }

    private void Drop(int bytes)
    {
        _buffer.AsSpan(bytes, _count - bytes).CopyTo(_buffer);
        _count -= bytes;
    }

    private static FrameReadResult.Refused Refused(string why) => new(ErrorCode.InvalidRequest, why);
}
