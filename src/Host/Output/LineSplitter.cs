namespace Supervisor.Host.Output;

/// <summary>Takes one whole line, without its newline, or a piece of a longer one. The bytes are valid during the call only.</summary>
/// <param name="partial">The line goes on in the next call.</param>
internal delegate void LineSink(ReadOnlySpan<byte> line, bool partial);

/// <summary>
/// Cuts a stream of bytes into lines at LF, whatever else the bytes are; a line longer than <see cref="LongestLine"/> comes in pieces. Owns one
/// buffer that grows to that length and no further. Not thread-safe: the thread that reads the stream owns it.
/// </summary>
internal sealed class LineSplitter(LineSink sink)
{
    public const int LongestLine = 64 * 1024;
    private const int FirstBuffer = 256;

    private byte[] _begun = [];
    private int _length;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var newline = bytes.IndexOf((byte)'\n');
            var rest = newline < 0 ? bytes : bytes[..newline];

            while (_length + rest.Length > LongestLine)
                rest = WritePiece(rest);

            if (newline < 0)
            {
                Keep(rest);
                return;
            }

            EndLine(rest);
            bytes = bytes[(newline + 1)..];
        }
    }

    /// <summary>The stream has ended: what was begun is a line of its own.</summary>
    public void Finish()
    {
        if (_length == 0)
            return;

        sink(_begun.AsSpan(0, _length), partial: false);
        _length = 0;
    }

    private ReadOnlySpan<byte> WritePiece(ReadOnlySpan<byte> rest)
    {
        var fits = LongestLine - _length;

        if (_length == 0)
        {
            sink(rest[..fits], partial: true);
            return rest[fits..];
        }

        Keep(rest[..fits]);
        sink(_begun.AsSpan(0, _length), partial: true);
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

        Keep(rest);
        sink(_begun.AsSpan(0, _length), partial: false);
        _length = 0;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var needed = _length + bytes.Length;

        if (needed > _begun.Length)
            Array.Resize(ref _begun, Math.Min(LongestLine, Math.Max(needed, Math.Max(FirstBuffer, _begun.Length * 2))));

        bytes.CopyTo(_begun.AsSpan(_length));
        _length = needed;
    }
}
