using System.Text.RegularExpressions;
using Supervisor.Stress.Invariants;
using Supervisor.Stress.Report;

namespace Supervisor.Unit.Stress;

public sealed partial class HtmlReportSpecs
{
    [Fact]
    public void The_report_of_a_night_is_smaller_than_three_megabytes() =>
        Page(TimeSpan.FromHours(8), SyntheticRun.Verdict(100)).Length.Should().BeLessThan(3_000_000);

    [Fact]
    public void The_page_loads_nothing_from_anywhere() =>
        Reference().Matches(Page(TimeSpan.FromMinutes(1), SyntheticRun.Verdict(0))).Select(match => match.Value).Should().Equal("href=\"data:,\"");

    [Fact]
    public void Text_of_a_record_cannot_end_the_script_element()
    {
        var violation = new Violation(TimeSpan.Zero, "</script><script>alert(1)</script><!--{{script}}");

        var page = Page(TimeSpan.FromMinutes(1), new RunVerdict([new InvariantVerdict("Nothing <i>breaks</i>", 1, 1, [violation], "")], IsWhole: true));

        page.Should().NotContain("alert(1)</script>").And.NotContain("<i>breaks");
        ScriptEnd().Matches(page).Should().HaveCount(3);
    }

    private static string Page(TimeSpan length, RunVerdict runVerdict) =>
        HtmlReport.Html(ReportModel.Of(new SyntheticRun(length, 7).Events(), runVerdict, "run.jsonl"));

    /// <summary>Anything that makes a browser load something: in elements, styles and scripts.</summary>
    [GeneratedRegex("""\b(?:src|href)="[^"]*"|@import|url\(|\bfetch\(|XMLHttpRequest|import\(""")]
    private static partial Regex Reference();

    [GeneratedRegex("</script>")]
    private static partial Regex ScriptEnd();
}
