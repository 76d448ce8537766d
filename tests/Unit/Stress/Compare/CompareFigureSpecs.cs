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
    public void When_all_are_equal_none_is_best() => Start.Best([Fast, Fast with { Tool = "other" }]).Should().BeEmpty();

    [Fact]
    public void Values_that_are_displayed_alike_are_equally_good()
    {
        var hardlySlower = Tool("hardly slower") with { Start = TimeSpan.FromSeconds(1.01) };

        Start.Best([Fast, hardlySlower, Slow]).Should().BeEquivalentTo([Fast, hardlySlower]);
    }

    [Fact]
    public void A_tool_without_a_figure_is_not_best() => Start.Text(Broken).Should().Be(Figure.None);

    [Fact]
    public void A_kill_is_recovered_from_only_when_nothing_else_was_affected()
    {
        var recovered = new KillOutcome(7, TimeSpan.FromSeconds(0.1), ServersUp: 3, ServersReplaced: 0, TimeSpan.FromSeconds(0.5), UpAtEnd: 3, Services: 3);

        recovered.IsRecovered.Should().BeTrue();
        recovered.InWords.Should().Be("back by itself after 0.1 s; servers unaffected; the next change served after 0.5 s");
        (recovered with { Served = null }).IsRecovered.Should().BeFalse();
        (recovered with { ServersReplaced = 1 }).IsRecovered.Should().BeFalse();
        (recovered with { CameBack = null }).IsRecovered.Should().BeFalse();
    }

    [Fact]
    public void A_kill_without_recovery_says_so() =>
        new KillOutcome(7, null, ServersUp: 3, ServersReplaced: 0, null, UpAtEnd: 2, Services: 3).InWords
            .Should().Be("not back by itself; servers unaffected; the next change not served; 2 of 3 servers up at the end");

    [Fact]
    public void Page_and_table_work_without_figures() =>
        ComparePage.Write(new CompareReport(ComparePlan.Standard, DateTimeOffset.UnixEpoch, [], [Broken with { Skipped = "<pm2>: not on PATH" }, Slow]))
            .Should().Contain("&lt;pm2&gt;: not on PATH").And.Contain("slow").And.NotContain("http");

    private static ToolReport Tool(string name) => new(name, "its watcher", null, null);
}
