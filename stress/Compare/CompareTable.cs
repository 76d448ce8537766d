using Spectre.Console;

namespace Supervisor.Stress.Compare;

/// <summary>The comparison as a terminal table: a row for each figure, a column for each tool, the best of a row with a star.</summary>
internal static class CompareTable
{
    public static void Draw(IAnsiConsole console, CompareReport report)
    {
        var tools = report.Tools.Where(tool => tool.Skipped is null).ToArray();
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("");
        foreach (var tool in tools)
            table.AddColumn(Markup.Escape(tool.Tool));
        foreach (var figure in Figures.For(report))
        {
            var best = figure.Best(tools);
            table.AddRow([Markup.Escape(figure.Name), .. tools.Select(tool => Cell(figure.Text(tool), best.Contains(tool)))]);
        }

        console.Write(table);
        foreach (var tool in report.Tools.Where(tool => tool.Skipped is not null))
            console.WriteLine($"{tool.Tool}: skipped, {tool.Skipped}");
        foreach (var tool in tools)
        {
            console.WriteLine($"{tool.Tool}: killed is {tool.WatchingComponent}");
            foreach (var remark in tool.Remarks)
                console.WriteLine($"  {remark}");
        }
    }

    private static string Cell(string text, bool isBest) => isBest ? $"[green]{Markup.Escape(text)} *[/]" : Markup.Escape(text);
}
