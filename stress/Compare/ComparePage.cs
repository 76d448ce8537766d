using System.Globalization;
using System.Net;
using System.Text;

namespace Supervisor.Stress.Compare;

/// <summary>The comparison as one self-contained HTML page.</summary>
internal static class ComparePage
{
    public static string Write(CompareReport report)
    {
        var tools = report.Tools.Where(tool => tool.Skipped is null).ToArray();
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Comparison</title>
            <style>{Style}</style>
            </head>
            <body>
            <h1>Comparison</h1>
            <p>{Text(Introduction(report))}</p>
            <div class="wide"><table>
            <thead><tr><th></th>{string.Concat(tools.Select(tool => $"<th>{Text(tool.Tool)}</th>"))}</tr></thead>
            <tbody>

            """);
        foreach (var figure in Figures.For(report))
            page.Append(Row(figure, tools));
        page.Append("</tbody></table></div>\n<p class=\"note\">★ the best of a row that is not the same for all.</p>\n")
            .Append("<h2>What was killed, and remarks</h2>\n<dl>\n");
        foreach (var tool in report.Tools)
            page.Append(About(tool));
        return page.Append("</dl>\n<h2>Jobs</h2>\n<p>").Append(Text(Jobs(report))).Append("</p>\n</body>\n</html>\n").ToString();
    }

    private static string Introduction(CompareReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"Each tool alone, on its own tree from seed {report.Plan.Seed}: "
        + $"{report.Load.Count} jobs in {report.Plan.Load.TotalSeconds:0} s, a stop, "
        + $"a new start, {report.Plan.Kills} kills of its watching component, a stop. {report.EndedAt:yyyy-MM-dd HH:mm}.");

    private static string Jobs(CompareReport report) => string.Join(
        ", ", report.Load.Select(job => string.Create(CultureInfo.InvariantCulture, $"{job.At.TotalSeconds:0} s {job.Job}")));

    private static string Row(Figure figure, IReadOnlyList<ToolReport> tools)
    {
        var best = figure.Best(tools);
        return $"<tr><th>{Text(figure.Name)}<small>{Text(figure.Explanation)}</small></th>"
            + string.Concat(tools.Select(tool => Cell(figure, tool, best.Contains(tool)))) + "</tr>\n";
    }

    private static string Cell(Figure figure, ToolReport tool, bool isBest)
    {
        var kind = figure.Value(tool) is null ? "words" : "number";
        return $"<td class=\"{kind}{(isBest ? " best" : "")}\">{Text(figure.Text(tool))}</td>";
    }

    private static string About(ToolReport tool)
    {
        var remarks = tool.Skipped is { } why ? [$"skipped: {why}"] : tool.Remarks;
        return $"<dt>{Text(tool.Tool)}</dt><dd>Killed: {Text(tool.WatchingComponent)}.</dd>"
            + string.Concat(remarks.Select(remark => $"<dd>{Text(remark)}</dd>")) + "\n";
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private const string Style = """

        :root { color-scheme: light dark; --line: #8884; --faint: #8888; --best: #2a9d5c22; --best-text: light-dark(#17693a, #6fd99b); }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 1200px; margin: 3rem auto; padding: 0 1.5rem; }
        h1 { font-size: 1.7rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; margin-top: 1.5rem; font-size: .9rem; }
        th, td { padding: .45rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; text-align: left; }
        thead th { border-bottom-width: 2px; white-space: nowrap; }
        tbody th { font-weight: 600; min-width: 13rem; }
        small { display: block; font-weight: 400; opacity: .65; }
        .number { font-variant-numeric: tabular-nums; }
        .best { background: var(--best); color: var(--best-text); font-weight: 600; }
        .best::after { content: " ★"; }
        .note { opacity: .65; font-size: .85rem; }
        dt { font-weight: 600; margin-top: .8rem; } dd { margin: 0 0 0 1rem; overflow-wrap: anywhere; }

        """;
}
