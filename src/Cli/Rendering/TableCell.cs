namespace Supervisor.Cli.Rendering;

/// <summary>One cell of a table: one line, cut where it does not fit. Pure.</summary>
/// <param name="text">Cut at its end; with endings it is a path and loses its first names.</param>
/// <param name="endings">What follows the text and is not cut, the longest first: the first that leaves enough of the text is taken.</param>
internal sealed class TableCell(string text, params string[] endings)
{
    private const int LeastPath = 8;

    private readonly string _text = CellText.Plain(text);

    public string Whole => _text + endings.FirstOrDefault();

    public int Width => CellText.Width(Whole);

    /// <summary>Colours the shown text.</summary>
    public Func<string, string> Paint { get; init; } = shown => shown;

    public string Within(int width)
    {
        if (Width <= width)
            return Whole;

        return endings.FirstOrDefault(ending => width - CellText.Width(ending) >= LeastPath) is { } ending
            ? CellText.CutPath(_text, width - CellText.Width(ending)) + ending
            : CellText.CutEnd(Whole, width);
    }
}
