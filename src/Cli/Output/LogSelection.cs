using System.Text.RegularExpressions;

namespace Supervisor.Cli.Output;

/// <summary>Selects lines. Pure.</summary>
/// <param name="Last">Per service; null: all.</param>
/// <param name="Since">null: from the beginning.</param>
/// <param name="Pattern">null: every line.</param>
internal sealed partial record LogSelection(int? Last, DateTimeOffset? Since, Regex? Pattern)
{
    /// <summary>Only older ones; null: to the end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only of this stream; null: of all, and those of supervisor.</summary>
    public string? Stream { get; init; }

    /// <summary>Only of this severity, or a higher one; a line that says none counts as <see cref="LogSeverity.Info"/>. null: all.</summary>
    public LogSeverity? Least { get; init; }

    /// <summary>Only those behind this one; null: from the beginning.</summary>
    public LogCursor? After { get; init; }

    /// <summary>Places are told, in cursors: the lines before it with the same time must be known.</summary>
    public bool TellsPlaces { get; init; }

    public bool Wants(in ReadLine read) => !(read.Line.At < Since) && !(read.Line.At >= Until) && After?.IsBefore(read) != false && Matches(read);

    /// <summary>Whatever its time.</summary>
    public bool Matches(in ReadLine read) =>
        (Stream is null || read.Line.Stream == Stream) && (Least is null || (read.Severity ?? LogSeverity.Info) >= Least) && Matches(read.Line.Text);

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
    public IEnumerable<ReadLine> From(IEnumerable<ReadLine> lines)
    {
        var wanted = lines.Where(line => Wants(line));
        return Last is { } last ? wanted.TakeLast(last) : wanted;
    }

    /// <summary>Whether these newest lines of the host suffice, so that neither older ones nor a log file must be read.</summary>
    /// <param name="held">Parts of lines, oldest first.</param>
    public bool IsMetBy(IReadOnlyList<LogLine> held)
    {
        if (held.Count == 0 || held[0].Number <= 1)
            return held.Count > 0;

        var lines = WholeLines.Of(held).ToList();
        var wanted = From(ReadLines.Of(lines, withSeverity: Least is not null)).Select(read => read.Line).ToList();
        var mayHaveBegunBefore = lines.Where(line => line.Stream != HostLines.Stream).DistinctBy(line => line.Stream, StringComparer.Ordinal);

        var mayHaveOthersBefore = TellsPlaces && wanted.Append(lines[^1]).Any(line => LogCursor.Time(line.At) == LogCursor.Time(held[0].At));

        return (held[0].At < Since || wanted.Count >= Last) && !mayHaveBegunBefore.Any(wanted.Contains) && !mayHaveOthersBefore;
    }

    /// <summary>Lines of several services in the order of their times.</summary>
    public static IEnumerable<(string Service, ReadLine Line)> Merge(IReadOnlyList<(string Service, IEnumerable<ReadLine> Lines)> sources)
    {
        var waiting = new PriorityQueue<(string Service, IEnumerator<ReadLine> Lines), (DateTimeOffset, int)>();

        for (var i = 0; i < sources.Count; i++)
            Enqueue(sources[i].Service, sources[i].Lines.GetEnumerator(), i);

        while (waiting.TryDequeue(out var next, out var place))
        {
            yield return (next.Service, next.Lines.Current);
            Enqueue(next.Service, next.Lines, place.Item2);
        }

        void Enqueue(string service, IEnumerator<ReadLine> rest, int order)
        {
            if (rest.MoveNext())
                waiting.Enqueue((service, rest), (rest.Current.Line.At, order));
            else
                rest.Dispose();
        }
    }

    /// <summary>They stand in the midst of what people read as one text.</summary>
    [GeneratedRegex(@"\x1b\[[0-9:;]*m", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Colours();
}
