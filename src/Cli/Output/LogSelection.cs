using System.Text.RegularExpressions;

namespace Supervisor.Cli.Output;

/// <summary>Selects lines. Pure.</summary>
/// <param name="Last">Per service; null: all.</param>
/// <param name="Since">null: from the beginning.</param>
/// <param name="Pattern">null: every line.</param>
internal sealed record LogSelection(int? Last, DateTimeOffset? Since, Regex? Pattern)
{
    public bool Wants(LogLine line) => !(line.At < Since) && Matches(line);

    public bool Matches(LogLine line) => Matches(line.Text);

    public bool Matches(string text)
    {
        try
        {
            return Pattern?.IsMatch(text) ?? true;
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

    /// <summary>Whether the host's newest lines suffice, so that no log file must be read.</summary>
    public bool IsMetBy(LogPage page) =>
        page.Lines.Count > 0
        && (page.Lines[0].Number <= 1
            || page.Lines[0].At < Since
            || (Last is { } last && page.Lines.Count(Wants) >= last));

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
}
