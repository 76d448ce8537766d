namespace Supervisor.Cli.Rendering;

/// <summary>A text in lines that fit a terminal, broken between words; all but the first line are indented. Pure.</summary>
internal static class WrappedText
{
    private const string Indent = "  ";

    public static IEnumerable<string> Lines(string text, int width)
    {
        var line = "";

        foreach (var (piece, startsLine) in Pieces(text, width - Indent.Length))
        {
            var joined = line.Length == 0 ? piece : $"{line} {piece}";

            if (startsLine || CellText.Width(joined) > width)
            {
                yield return line;
                line = Indent + piece;
            }
            else
            {
                line = joined;
            }
        }

        yield return line;
    }

    /// <summary>Lines that fit, the words of longer lines, and parts of the words that are longer than a line.</summary>
    private static IEnumerable<(string Text, bool StartsLine)> Pieces(string text, int width) =>
        from line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Index()
        from word in Words(CellText.Plain(line.Item), width).Index()
        from part in Parts(word.Item, width).Index()
        select (part.Item, part.Index > 0 || (word.Index == 0 && line.Index > 0));

    private static string[] Words(string line, int width) =>
        CellText.Width(line) <= width ? [line] : line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Parts(string word, int width)
    {
        while (CellText.Width(word) > width)
        {
            var start = CellText.Start(word, width);

            // A path is broken between its names.
            if (start.LastIndexOf('/') is > 0 and var slash)
                start = start[..(slash + 1)];

            yield return start;
            word = word[start.Length..];
        }

        yield return word;
    }
}
