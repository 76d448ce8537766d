using System.Text;
using Supervisor.Host.Output;
using Supervisor.Supervision;

namespace Supervisor.Host.Validation;

/// <summary>Keeps the last lines of a command's output, without colours. The pump's thread writes them; read them after the pump has ended.</summary>
/// <param name="tell">Gets each line as it comes, on the pump's thread; null: nobody does.</param>
internal sealed class LastLines(int count, Action<string>? tell) : IOutputSink
{
    private const int MaxLineLength = 2_000;

    private readonly Queue<string> _lines = new();
    private readonly OpenLine[] _openLines = [new(), new()];

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Add(DateTimeOffset at, OutputStream stream, ReadOnlySpan<byte> line, bool partial)
    {
        var whole = _openLines[(int)stream].With(line, partial);

        if (partial)
            return;

        var text = OutputText.Plain(Encoding.UTF8.GetString(whole[..Math.Min(whole.Length, MaxLineLength)]));

        if (text.Length == 0)
            return;

        tell?.Invoke(text);
        _lines.Enqueue(text);

        if (_lines.Count > count)
            _lines.Dequeue();
    }

    public void Flush()
    {
        // Nothing is buffered.
    }
}
