using System.Buffers;

namespace Supervisor.Host.Output;

/// <summary>The parts of a line so far, up to the length of the longest part: a server may pause in the middle of a line. Not thread-safe.</summary>
internal sealed class OpenLine
{
    private ArrayBufferWriter<byte>? _parts;

    /// <summary>The line with its next part; valid until the next call, and as long as the part.</summary>
    /// <param name="partial">The line continues after it.</param>
    public ReadOnlySpan<byte> With(ReadOnlySpan<byte> part, bool partial)
    {
        if (_parts is null && !partial)
            return part;

        if (_parts?.WrittenCount + part.Length > LineSplitter.MaxLineLength)
            _parts = null;

        var parts = _parts ?? new ArrayBufferWriter<byte>();
        parts.Write(part);
        _parts = partial ? parts : null;
        return parts.WrittenSpan;
    }
}
