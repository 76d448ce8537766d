using System.Buffers;

namespace Supervisor.Cli.Output;

/// <summary>The parts of a line of one stream whose end has not arrived yet. Not thread-safe.</summary>
/// <param name="stream">As in <see cref="OutputLine.Stream"/>.</param>
internal sealed class OpenLine(byte[] stream)
{
    private readonly byte[] _stamp = new byte[OutputLine.StampLength];
    private ArrayBufferWriter<byte>? _text;

    public bool IsOpen => _text is not null;

    public bool IsFull => _text?.WrittenCount >= WholeLines.MaxLength;

    /// <summary>What there is; valid until the next call.</summary>
    public OutputLine Line => new(_stamp, stream, _text is null ? [] : _text.WrittenSpan);

    public void Add(in OutputLine part)
    {
        _text ??= new ArrayBufferWriter<byte>();
        _text.Write(part.Text);
        part.Stamp.CopyTo(_stamp);
    }

    /// <summary>The buffer goes with the line: long lines are rare.</summary>
    public void Close() => _text = null;
}
