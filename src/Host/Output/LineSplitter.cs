namespace Supervisor.Host.Output;

/// <summary>Takes a whole line without its newline, or a part of a longer line. The bytes are valid only during the call.</summary>
/// <param name="partial">The line continues in the next call.</param>
internal delegate void LineSink(ReadOnlySpan<byte> line, bool partial);

/// <summary>
/// Splits a stream of bytes into lines at LF and interprets no other byte. A line longer than <see cref="MaxLineLength"/> is delivered in parts. Owns one
/// buffer, which grows to that length at most. Not thread-safe: the thread that reads the stream owns it.
/// </summary>
internal sealed class LineSplitter(LineSink sink)
{
    public const int MaxLineLength = 64 * 1024;
    private const int InitialBufferSize = 256;

    private byte[] _buffered = [];
    private int _length;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var newline = bytes.IndexOf((byte)'\n');
            var rest = newline < 0 ? bytes : bytes[..newline];

            while (_length + rest.Length > MaxLineLength)
                rest = WritePart(rest);

            if (newline < 0)
            {
                Buffer(rest);
                return;
            }

            EndLine(rest);
            bytes = bytes[(newline + 1)..];
        }
    }

    /// <summary>The stream has ended: delivers the buffered bytes as a line.</summary>
    public void Finish()
    {
        if (_length == 0)
            return;

        sink(_buffered.AsSpan(0, _length), partial: false);
        _length = 0;
    }

    private ReadOnlySpan<byte> WritePart(ReadOnlySpan<byte> rest)
    {
        var fits = MaxLineLength - _length;

        if (_length == 0)
        {
            sink(rest[..fits], partial: true);
            return rest[fits..];
        }

        Buffer(rest[..fits]);
        sink(_buffered.AsSpan(0, _length), partial: true);
        _length = 0;
        return rest[fits..];
    }

    private void EndLine(ReadOnlySpan<byte> rest)
    {
        if (_length == 0)
        {
            sink(rest, partial: false);
            return;
        }

        Buffer(rest);
        sink(_buffered.AsSpan(0, _length), partial: false);
        _length = 0;
    }

    private void Buffer(ReadOnlySpan<byte> bytes)
    {
        var needed = _length + bytes.Length;

        if (needed > _buffered.Length)
            Array.Resize(ref _buffered, Math.Min(MaxLineLength, Math.Max(needed, Math.Max(InitialBufferSize, _buffered.Length * 2))));

        bytes.CopyTo(_buffered.AsSpan(_length));
        _length = needed;
    }
}
