using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Supervisor.Wire.JsonRpc;

/// <summary>
/// Writes whole messages to a stream, one sender after the other. Thread-safe. A message becomes bytes only when its turn has come, so a
/// slow reader costs one message (at most <see cref="RpcLimits.BodyBytes"/>) and the senders' patience, never a queue of bytes.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing but memory; senders release it after the end.")]
internal sealed class FrameWriter(Stream stream, TimeProvider time, LinkEnd end)
{
    private const int KeptBufferBytes = 64 * 1024;

    // The header is written backwards into this room once the body's length is known: one message, one write.
    private const int HeaderRoom = 32;

    // Full means that somebody writes. Senders wait in order; each wait ends, because each write has its deadline and a failed one ends the link.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private ArrayBufferWriter<byte> _buffer = new();

    /// <summary>
    /// Completes when the kernel has the whole message. The token ends only the wait for the turn: half a message would break the framing.
    /// Throws <see cref="LinkEndedException"/>, <see cref="MessageTooLongException"/>, and what <paramref name="write"/> throws; then nothing was written.
    /// </summary>
    public async Task WriteAsync(Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);

        try
        {
            if (end.HasCome)
                throw end.ToException();

            await SendAsync(Frame(write));
        }
        finally
        {
            if (_buffer.Capacity > KeptBufferBytes)
                _buffer = new ArrayBufferWriter<byte>();

            _turn.Release();
        }
    }

    private ReadOnlyMemory<byte> Frame(Action<Utf8JsonWriter> write)
    {
        _buffer.ResetWrittenCount();
        _buffer.GetSpan(HeaderRoom);
        _buffer.Advance(HeaderRoom);

        using (var json = new Utf8JsonWriter(_buffer))
            write(json);

        var length = _buffer.WrittenCount - HeaderRoom;

        if (length > RpcLimits.BodyBytes)
            throw new MessageTooLongException(length);

        var header = string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n\r\n");
        var frame = MemoryMarshal.AsMemory(_buffer.WrittenMemory)[(HeaderRoom - header.Length)..];
        Encoding.ASCII.GetBytes(header, frame.Span);
        return frame;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame)
    {
        using var deadline = new Deadline(RpcLimits.WriteTime, time, end.Token);

        try
        {
            await stream.WriteAsync(frame, deadline.Token);
            await stream.FlushAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // Part of the message may be out: nothing can follow it. When the link ended in the meantime, that was the first reason.
            end.Set($"the other end did not read within {RpcLimits.WriteTime.TotalSeconds} s");
            throw end.ToException();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            end.Set($"writing failed ({e.Message})");
            throw end.ToException(e);
        }
    }
}

/// <summary>A message of our own that the other end would refuse.</summary>
internal sealed class MessageTooLongException(int bytes)
    : Exception($"The message is {bytes} bytes long; the limit is {RpcLimits.BodyBytes}.");
