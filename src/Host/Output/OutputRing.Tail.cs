using Supervisor.Supervision;

namespace Supervisor.Host.Output;

/// <summary>The end of one server's output.</summary>
internal sealed partial class OutputRing
{
    public const int EvidenceLines = 20;
    public const int EvidenceLineBytes = 300;

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
    /// <param name="maxBytes">Of each part of a line; the rest is cut off.</param>
    public IReadOnlyList<string> LastServerLines(long after, int count, int maxBytes)
    {
        var lines = new List<(long End, string Text)>(count);
        var later = new Dictionary<OutputStream, (long End, string Text)>();

        lock (_lock)
        {
            for (var number = _next - 1; number > after && number >= _first && lines.Count < count; number--)
            {
                var entry = At(number);

                if (entry.Stream == OutputStream.Host)
                    continue;

                var isContinued = later.Remove(entry.Stream, out var rest) && entry.Partial;

                if (!isContinued)
                    AddLine(rest);

                var text = Text(entry with { Length = Math.Min(entry.Length, maxBytes) });
                later[entry.Stream] = isContinued ? (rest.End, text + rest.Text) : (number, text);
            }
        }

        foreach (var rest in later.Values)
            AddLine(rest);

        return [.. lines.OrderByDescending(line => line.End).Take(count).Reverse().Select(line => line.Text)];

        void AddLine((long End, string? Text) line)
        {
            if (line.Text is not null && OutputText.Plain(line.Text) is { Length: > 0 } text)
                lines.Add((line.End, text));
        }
    }
}
