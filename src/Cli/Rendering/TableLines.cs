namespace Supervisor.Cli.Rendering;

/// <param name="LeftOut">Columns are left out in this order, the lowest number first; null: never.</param>
/// <param name="Shortest">Cells are shortened to this width before any column is left out; null: they are not.</param>
internal sealed record TableColumn(string Title, int? LeftOut = null, int? Shortest = null);

/// <summary>
/// A table in which every row is one line and no line is longer than the terminal is wide. Where it does not fit, long cells are shortened, then
/// columns are left out, then the widest cells are cut. Pure.
/// </summary>
internal static class TableLines
{
    private const string Gap = "  ";

    public static IEnumerable<string> Of(IReadOnlyList<TableColumn> columns, IEnumerable<TableCell[]> rows, int width)
    {
        TableCell[][] lines = [[.. columns.Select(column => new TableCell(column.Title))], .. rows];
        var whole = columns.Select((_, i) => lines.Max(line => line[i].Width)).ToArray();
        var widths = Widths(columns, whole, width);

        return lines.Select(line => Line(line, widths));
    }

    /// <returns>The width of every column; 0: it is left out.</returns>
    private static int[] Widths(IReadOnlyList<TableColumn> columns, int[] whole, int width)
    {
        var widths = whole.Select((column, i) => Math.Min(column, columns[i].Shortest ?? column)).ToArray();

        foreach (var column in Enumerable.Range(0, widths.Length).Where(i => columns[i].LeftOut is not null).OrderBy(i => columns[i].LeftOut))
        {
            if (Total(widths) > width)
                widths[column] = 0;
        }

        while (Total(widths) > width && widths.Max() is > 1 and var widest)
            widths[Array.IndexOf(widths, widest)]--;

        for (var i = 0; i < widths.Length; i++)
        {
            if (widths[i] > 0)
                widths[i] += Math.Clamp(width - Total(widths), 0, whole[i] - widths[i]);
        }

        return widths;
    }

    private static int Total(int[] widths) => widths.Where(width => width > 0).Sum(width => width + Gap.Length) - Gap.Length;

    private static string Line(TableCell[] cells, int[] widths) => string.Join(
        Gap, cells.Zip(widths).Where(cell => cell.Second > 0).Select(cell => Padded(cell.First, cell.Second))).TrimEnd();

    private static string Padded(TableCell cell, int width)
    {
        var shown = cell.Within(width);
        return (shown.Length > 0 ? cell.Paint(shown) : "") + new string(' ', Math.Max(0, width - CellText.Width(shown)));
    }
}
