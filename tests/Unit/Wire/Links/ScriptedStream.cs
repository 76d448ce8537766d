namespace Supervisor.Unit.Wire.Links;

/// <summary>A stream that gives prepared bytes in prepared pieces, then its end (or, on request, silence until it is cancelled).</summary>
internal sealed class ScriptedStream(IEnumerable<ReadOnlyMemory<byte>> pieces, bool silentAtTheEnd = false) : Stream
{
    private readonly Queue<ReadOnlyMemory<byte>> _pieces = new(pieces);

    public MemoryStream Written { get; } = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();

        if (_pieces.TryDequeue(out var piece))
        {
            var count = Math.Min(piece.Length, buffer.Length);
            piece[..count].CopyTo(buffer);

            if (count < piece.Length)
                _pieces.PutBack(piece[count..]);

            return count;
        }

        if (silentAtTheEnd)
            await Task.Delay(Timeout.Infinite, cancellationToken);

        return 0;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Written.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Written.Write(buffer, offset, count);
}

internal static class QueueFront
{
    /// <summary>Puts an element before all the others.</summary>
    public static void PutBack<T>(this Queue<T> queue, T element)
    {
        var rest = queue.ToArray();
        queue.Clear();
        queue.Enqueue(element);

        foreach (var later in rest)
            queue.Enqueue(later);
    }
}
