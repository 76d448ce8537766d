using System.Text.RegularExpressions;
using Supervisor.Stress.Invariants;
using Supervisor.Stress.Report;

namespace Supervisor.Unit.Stress;

public sealed partial class HtmlReportSpecs
{
    [Fact]
    public void A_night_is_drawn_in_less_than_three_megabytes() =>
        Page(TimeSpan.FromHours(8), SyntheticRun.RunVerdict(100)).Length.Should().BeLessThan(3_000_000);

    [Fact]
    public void The_page_loads_nothing_from_anywhere() =>
        Reference().Matches(Page(TimeSpan.FromMinutes(1), SyntheticRun.RunVerdict(0))).Select(match => match.Value).Should().Equal("href=\"data:,\"");

    [Fact]
    public void No_text_of_a_record_can_end_the_script_that_carries_it()
    {
        var violation = new Violation(TimeSpan.Zero, "</script><script>alert(1)</script><!--{{script}}");

        var page = Page(TimeSpan.FromMinutes(1), new RunVerdict([new InvariantVerdict("Nothing <i>breaks</i>", 1, 1, [violation], "")], IsWhole: true));

        page.Should().NotContain("alert(1)</script>").And.NotContain("<i>breaks");
        ScriptEnd().Matches(page).Should().HaveCount(3);
    }

    private static string Page(TimeSpan length, RunVerdict runVerdict) =>
        HtmlReport.Html(ReportModel.Of(new SyntheticRun(length, 7).Events(), runVerdict, "run.jsonl"));

    /// <summary>Whatever makes a browser fetch: in elements, in styles, in scripts.</summary>
    [GeneratedRegex("""\b(?:src|href)="[^"]*"|@import|url\(|\bfetch\(|XMLHttpRequest|import\(""")]
    private static partial Regex Reference();

    [GeneratedRegex("</script>")]
    private static partial Regex ScriptEnd();
}
