namespace Supervisor.Host.Terminals;

/// <summary>
/// The newest output of a terminal as bytes, at most <see cref="Capacity"/>, each at a position that counts from the first one. Not thread-safe. Memory is allocated in
/// segments when first used.
/// </summary>
internal sealed class TerminalHistory
{
    public const int Capacity = 256 * 1024;
    private const int SegmentSize = 16 * 1024;

    private readonly byte[]?[] _segments = new byte[Capacity / SegmentSize][];

    /// <summary>The position after the newest byte.</summary>
    public long End { get; private set; }

    /// <summary>The position of the oldest byte that is kept.</summary>
    public long Start => Math.Max(0, End - Capacity);

    public void Write(ReadOnlySpan<byte> output)
    {
        while (!output.IsEmpty)
        {
            var target = SegmentAt(End);
            var count = Math.Min(output.Length, target.Length);
            output[..count].CopyTo(target);
            output = output[count..];
            End += count;
        }
    }

    /// <summary>The bytes from a kept position on, as far as they are stored in one piece; empty at the end.</summary>
    public ReadOnlySpan<byte> From(long position)
    {
        var piece = SegmentAt(position);
        return piece[..(int)Math.Min(piece.Length, End - position)];
    }

    /// <summary>Where the last lines begin, as many as there are at most. The open line counts.</summary>
    public long StartOfLast(int lines)
    {
        var position = End;

        for (var ends = 0; position > Start; position--)
        {
            // An end of line is that of the line before.
            if (At(position - 1) == '\n' && position < End && ++ends == lines)
                return position;
        }

        return Start == 0 ? 0 : StartOfLine(Start);
    }

    /// <summary>Where the first line at or after a kept position begins: before that may be the rest of a letter, or of a sequence for the terminal.</summary>
    public long StartOfLine(long position)
    {
        while (position < End && At(position) != '\n')
            position++;

        return Math.Min(End, position + 1);
    }

    private byte At(long position) => SegmentAt(position)[0];

    private Span<byte> SegmentAt(long position)
    {
        var offset = (int)(position % Capacity);
        var segment = _segments[offset / SegmentSize] ??= new byte[SegmentSize];
        return segment.AsSpan(offset % SegmentSize);
    }
}
