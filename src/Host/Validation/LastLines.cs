using System.Text;
using Supervisor.Host.Output;

namespace Supervisor.Host.Validation;

/// <summary>Keeps the last lines of a command's output. The pump's thread writes; to be read once the pump has ended.</summary>
internal sealed class LastLines(int count) : IOutputSink
{
    private const int LongestLine = 2_000;

    private readonly Queue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Add(DateTimeOffset at, OutputStream stream, ReadOnlySpan<byte> line, bool partial)
    {
        var text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, LongestLine)]).TrimEnd();

        if (text.Length == 0)
            return;

        _lines.Enqueue(text);

        if (_lines.Count > count)
            _lines.Dequeue();
    }

    public void Flush()
    {
        // Nothing is held back.
    }
}
