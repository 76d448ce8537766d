namespace Supervisor.Host.Output;

/// <summary>Takes a whole line without its newline, or a part of a longer line. The bytes are valid only during the call.</summary>
/// <param name="partial">The line continues in the next call.</param>
internal delegate void LineSink(ReadOnlySpan<byte> line, bool partial);

/// <summary>
/// Splits a stream of bytes into lines at LF. A line longer than <see cref="MaxLineLength"/> is delivered in parts, none of which ends within a letter of
/// UTF-8, and so is one whose bytes pause; the last part of a line is the one that is not partial. Owns one buffer, which grows to that length at most. Not thread-safe: the thread that
/// reads the stream owns it.
/// </summary>
internal sealed class LineSplitter(LineSink sink)
{
    public const int MaxLineLength = HostChannels.LongestPart;
    private const int InitialBufferSize = 256;

    private byte[] _buffered = [];
    private int _length;
    private bool _hasOpenLine;

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

    /// <summary>The stream comes from a terminal, which ends lines with CR LF: the CR does not belong to the line.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Bytes wait for the end of their line.</summary>
    public bool HasOpenBytes => _length > 0;

    /// <summary>No more bytes have come for a while: delivers those of the open line as a part.</summary>
    public void Pause()
    {
        if (Deliverable > 0)
            DeliverBuffered();
    }

    /// <summary>The stream has ended: delivers the end of a line that has none.</summary>
    public void Finish()
    {
        if (_length > 0 || _hasOpenLine)
            EndLine([]);
    }

    private ReadOnlySpan<byte> WritePart(ReadOnlySpan<byte> rest)
    {
        if (_length == 0)
        {
            _hasOpenLine = true;
            var part = Utf8Letters.Whole(rest[..MaxLineLength]);
            sink(part, partial: true);
            return rest[part.Length..];
        }

        var fits = MaxLineLength - _length;
        Buffer(rest[..fits]);
        DeliverBuffered();
        return rest[fits..];
    }

    private int Deliverable => WithoutReturn(Utf8Letters.Whole(_buffered.AsSpan(0, _length))).Length;

    private ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) => IsTerminal && line.EndsWith("\r"u8) ? line[..^1] : line;

    private void DeliverBuffered()
    {
        var whole = Deliverable;
        _hasOpenLine = true;
        sink(_buffered.AsSpan(0, whole), partial: true);
        _buffered.AsSpan(whole, _length - whole).CopyTo(_buffered);
        _length -= whole;
    }

    private void EndLine(ReadOnlySpan<byte> rest)
    {
        _hasOpenLine = false;

        if (_length == 0)
        {
            sink(WithoutReturn(rest), partial: false);
            return;
        }

        Buffer(rest);
        sink(WithoutReturn(_buffered.AsSpan(0, _length)), partial: false);
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
