namespace Supervisor.Cli.Output;

/// <summary>A whole line with what is known from those before it.</summary>
/// <param name="Place">Among the lines of its service with the same time, in microseconds; from 1.</param>
/// <param name="Severity">null: not told, or not asked for.</param>
internal readonly record struct ReadLine(LogLine Line, int Place, LogSeverity? Severity);

/// <summary>Reads the lines of one service one after the other. Not thread-safe: its reader owns it.</summary>
internal sealed class ReadLines(bool withSeverity)
{
    private const string Traceback = "Traceback (most recent call last):";

    private readonly Dictionary<string, Block> _blocks = new(StringComparer.Ordinal);
    private DateTimeOffset _at;
    private int _place;

    public static IEnumerable<ReadLine> Of(IEnumerable<LogLine> lines, bool withSeverity)
    {
        var reading = new ReadLines(withSeverity);
        return lines.Select(reading.Next);
    }

    public ReadLine Next(LogLine line)
    {
        var at = LogCursor.Time(line.At);
        _place = at == _at ? _place + 1 : 1;
        _at = at;
        return new ReadLine(line, _place, withSeverity ? SeverityOf(line.Stream, line.Text) : null);
    }

    /// <summary>For a follower, which has shown those up to there.</summary>
    public void Continue(LogCursor shown) => (_at, _place) = (shown.At, shown.Place);

    private LogSeverity? SeverityOf(string stream, string text)
    {
        if (stream == HostLines.Stream)
            return text.StartsWith(HostLines.Bad, StringComparison.Ordinal) ? LogSeverity.Error : text.StartsWith(HostLines.Warning, StringComparison.Ordinal) ? LogSeverity.Warning : LogSeverity.Info;

        var block = _blocks.GetValueOrDefault(stream);
        _blocks[stream] = block = (text, block) switch
        {
            _ when text.StartsWith(Traceback, StringComparison.Ordinal) => new(LogSeverity.Error, IsTraceback: true),
            ([] or [' ' or '\t', ..], { IsTraceback: true }) => block,

            // The exception itself.
            (_, { IsTraceback: true }) => new(LogSeverity.Error, IsTraceback: false),

            // A stack below its message, a message below its head.
            ([' ' or '\t', ..], _) => block with { Severity = LineSeverity.Of(text) ?? block.Severity },
            _ => new(LineSeverity.Of(text), IsTraceback: false),
        };
        return block.Severity;
    }

    private readonly record struct Block(LogSeverity? Severity, bool IsTraceback);
}
