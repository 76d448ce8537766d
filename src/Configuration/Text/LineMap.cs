using System.Text;

namespace Supervisor.Configuration.Text;

/// <summary>Converts the byte offsets of the JSON reader to lines and characters.</summary>
internal sealed class LineMap
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly List<int> _lineStarts = [0];

    public LineMap(ReadOnlyMemory<byte> text)
    {
        _text = text;
        var bytes = text.Span;

        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == (byte)'\n')
                _lineStarts.Add(i + 1);
        }
    }

    public TextPosition At(long offset)
    {
        var end = (int)Math.Clamp(offset, 0, _text.Length);
        var found = _lineStarts.BinarySearch(end);
        var line = found >= 0 ? found : ~found - 1;

        return new TextPosition(line + 1, Encoding.UTF8.GetCharCount(_text.Span[_lineStarts[line]..end]) + 1);
    }

    /// <param name="line">From 0, as <see cref="System.Text.Json.JsonException"/> counts.</param>
    public TextPosition At(long line, long byteInLine) =>
        At(_lineStarts[(int)Math.Clamp(line, 0, _lineStarts.Count - 1)] + byteInLine);
}
