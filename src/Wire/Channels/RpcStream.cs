using System.Buffers;
using System.IO.Pipelines;

namespace Supervisor.Wire.Channels;

/// <summary>
/// The RPC channel as a stream. Disposing it closes the whole pipe. One reader and one writer at a time; <see cref="End"/> and disposal at any time.
/// </summary>
internal sealed class RpcStream(IDuplexPipe channel, Action close) : Stream
{
    private readonly Lock _lock = new();
    private readonly Stream _input = channel.Input.AsStream(leaveOpen: true);
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Ends writing; bytes that were written are still sent.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (!_ended)
                channel.Output.Complete();

            _ended = true;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _input.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Completes when the channel has the bytes and its queue is below its threshold.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<FlushResult> flushing;

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            channel.Output.Write(buffer.Span);
            flushing = channel.Output.FlushAsync(cancellationToken);
        }

        await flushing;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            close();

        base.Dispose(disposing);
    }
}
