using System.Text.RegularExpressions;

namespace Supervisor.Cli.Output;

/// <summary>Selects lines. Pure.</summary>
/// <param name="Last">Per service; null: all.</param>
/// <param name="Since">null: from the beginning.</param>
/// <param name="Pattern">null: every line.</param>
internal sealed partial record LogSelection(int? Last, DateTimeOffset? Since, Regex? Pattern)
{
    public bool Wants(LogLine line) => !(line.At < Since) && Matches(line);

    public bool Matches(LogLine line) => Matches(line.Text);

    public bool Matches(string text)
    {
        try
        {
            return Pattern is null || Pattern.IsMatch(text) || (text.Contains('\e', StringComparison.Ordinal) && Pattern.IsMatch(Colours().Replace(text, "")));
        }
        catch (RegexMatchTimeoutException)
        {
            // A pattern that times out on one line does not match it; other lines are still checked.
            return false;
        }
    }

    /// <summary>The wanted lines of one service, oldest first.</summary>
    public IEnumerable<LogLine> From(IEnumerable<LogLine> lines)
    {
        var wanted = lines.Where(Wants);
        return Last is { } last ? wanted.TakeLast(last) : wanted;
    }

    /// <summary>Whether these newest lines of the host suffice, so that neither older ones nor a log file must be read.</summary>
    /// <param name="held">Parts of lines, oldest first.</param>
    public bool IsMetBy(IReadOnlyList<LogLine> held)
    {
        if (held.Count == 0 || held[0].Number <= 1)
            return held.Count > 0;

        var lines = WholeLines.Of(held).ToList();
        var wanted = From(lines).ToList();
        var mayHaveBegunBefore = lines.Where(line => line.Stream != HostLines.Stream).DistinctBy(line => line.Stream, StringComparer.Ordinal);

        return (held[0].At < Since || wanted.Count >= Last) && !mayHaveBegunBefore.Any(wanted.Contains);
    }

    /// <summary>Lines of several services in the order of their times.</summary>
    public static IEnumerable<(string Service, LogLine Line)> Merge(IReadOnlyList<(string Service, IEnumerable<LogLine> Lines)> sources)
    {
        var waiting = new PriorityQueue<(string Service, IEnumerator<LogLine> Lines), (DateTimeOffset, int)>();

        for (var i = 0; i < sources.Count; i++)
            Enqueue(sources[i].Service, sources[i].Lines.GetEnumerator(), i);

        while (waiting.TryDequeue(out var next, out var place))
        {
            yield return (next.Service, next.Lines.Current);
            Enqueue(next.Service, next.Lines, place.Item2);
        }

        void Enqueue(string service, IEnumerator<LogLine> rest, int order)
        {
            if (rest.MoveNext())
                waiting.Enqueue((service, rest), (rest.Current.At, order));
            else
                rest.Dispose();
        }
    }

    /// <summary>They stand in the midst of what people read as one text.</summary>
    [GeneratedRegex(@"\x1b\[[0-9:;]*m", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Colours();
}
