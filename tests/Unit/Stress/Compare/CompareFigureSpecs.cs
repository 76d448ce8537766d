using Supervisor.Stress.Compare;

namespace Supervisor.Unit.Stress;

public sealed class CompareFigureSpecs
{
    private static readonly ToolReport Fast = Tool("fast") with { Start = TimeSpan.FromSeconds(1) };
    private static readonly ToolReport Slow = Tool("slow") with { Start = TimeSpan.FromSeconds(2) };
    private static readonly ToolReport Broken = Tool("broken");
    private static readonly Figure Start = Figure.Number("start", "", tool => tool.Start?.TotalSeconds, format: "0.0");

    [Fact]
    public void The_best_of_a_row_is_marked() => Start.Best([Fast, Slow, Broken]).Should().Equal(Fast);

    [Fact]
    public void Where_all_are_alike_nobody_is_best() => Start.Best([Fast, Fast with { Tool = "other" }]).Should().BeEmpty();

    [Fact]
    public void What_reads_the_same_is_equally_good()
    {
        var hardlySlower = Tool("hardly slower") with { Start = TimeSpan.FromSeconds(1.01) };

        Start.Best([Fast, hardlySlower, Slow]).Should().BeEquivalentTo([Fast, hardlySlower]);
    }

    [Fact]
    public void Who_has_no_figure_is_not_the_best_for_it() => Start.Text(Broken).Should().Be(Figure.None);

    [Fact]
    public void A_kill_is_recovered_from_only_when_nothing_at_all_came_of_it()
    {
        var recovered = new KillOutcome(7, TimeSpan.FromSeconds(0.1), ServersUp: 3, ServersReplaced: 0, TimeSpan.FromSeconds(0.5), UpAtEnd: 3, Services: 3);

        recovered.IsRecovered.Should().BeTrue();
        recovered.InWords.Should().Be("back by itself after 0.1 s; servers undisturbed; the next change served after 0.5 s");
        (recovered with { Served = null }).IsRecovered.Should().BeFalse();
        (recovered with { ServersReplaced = 1 }).IsRecovered.Should().BeFalse();
        (recovered with { CameBack = null }).IsRecovered.Should().BeFalse();
    }

    [Fact]
    public void A_kill_that_nothing_recovers_from_says_so() =>
        new KillOutcome(7, null, ServersUp: 3, ServersReplaced: 0, null, UpAtEnd: 2, Services: 3).InWords
            .Should().Be("not back by itself; servers undisturbed; the next change not served; 2 of 3 servers up in the end");

    [Fact]
    public void A_page_and_a_table_need_no_figure_to_be_there() =>
        ComparePage.Write(new CompareReport(ComparePlan.Standard, DateTimeOffset.UnixEpoch, [], [Broken with { Skipped = "<pm2>: not on PATH" }, Slow]))
            .Should().Contain("&lt;pm2&gt;: not on PATH").And.Contain("slow").And.NotContain("http");

    private static ToolReport Tool(string name) => new(name, "its watcher", null, null);
}
