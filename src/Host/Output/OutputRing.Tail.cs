using Supervisor.Supervision;

namespace Supervisor.Host.Output;

/// <summary>The end of one server's output.</summary>
internal sealed partial class OutputRing
{
    /// <summary>Number of the newest line; 0: there is none.</summary>
    public long Newest
    {
        get
        {
            lock (_lock)
                return _next - 1;
        }
    }

    /// <summary>The last lines after this number that the server wrote and that are not empty, oldest first.</summary>
    /// <param name="maxBytes">Of each line; the rest is cut off.</param>
    public IReadOnlyList<string> LastServerLines(long after, int count, int maxBytes)
    {
        var lines = new List<string>(count);

        lock (_lock)
        {
            for (var number = _next - 1; number > after && number >= _first && lines.Count < count; number--)
            {
                var entry = At(number);

                if (entry.Stream != OutputStream.Host && OutputText.Plain(Text(entry with { Length = Math.Min(entry.Length, maxBytes) })) is { Length: > 0 } text)
                    lines.Add(text);
            }
        }

        lines.Reverse();
        return lines;
    }
}
