using Supervisor.Cli.Output;

namespace Supervisor.Unit.Cli;

/// <summary>Lines by cursor, by generation and by change.</summary>
public sealed class LogRequestSpecs
{
    private static readonly LogSelection Everything = new(Last: null, Since: null, Pattern: null);

    private static readonly LedgerEntry[] Ledger =
    [
        Entry(0, "started", 1, 10), Entry(5, "failed", 1, 10), Entry(6, "started", 2, 11), Entry(7, "reloaded", 2, 11, "conf.ini"), Entry(9, "reloaded", 3, 12, "app.py"), Entry(10, "ready", 3, 12),
    ];

    [Fact]
    public void A_cursor_is_written_and_read_and_other_texts_are_none()
    {
        var cursor = new LogCursor("my.web-1", Boards.Noon.AddTicks(1_230), 2);

        cursor.ToString().Should().EndWith("+2").And.StartWith("my.web-1@");
        LogCursor.TryParse(cursor.ToString()).Should().Be(cursor);
        foreach (var wrong in new[] { "", "web", "web@", "web@now+1", "@2026-01-31T12:00:00.000000Z+1", "web@2026-01-31T12:00:00.000000Z", "web@2026-01-31T12:00:00.000000Z+x" })
            LogCursor.TryParse(wrong).Should().BeNull();
    }

    [Fact]
    public void Behind_each_cursor_are_exactly_the_lines_that_follow_also_where_several_share_a_time()
    {
        LogLine[] lines = [Line(1, "a"), Line(2, "b"), Line(2, "c") with { At = Boards.Noon.AddSeconds(2).AddTicks(7) }, Line(2, "d"), Line(3, "e")];
        var read = ReadLines.Of(lines, withSeverity: false).ToArray();

        for (var shown = 0; shown < read.Length; shown++)
        {
            var selection = new LogRequest(Everything, After: [LogCursor.Of("web", read[shown])]).Of("web", [])!;
            selection.From(ReadLines.Of(lines, withSeverity: false)).Select(it => it.Line.Text).Should().Equal(lines[(shown + 1)..].Select(line => line.Text));
        }
    }

    [Theory]
    [InlineData("1", "a b c")]
    [InlineData("2", "d e f")]
    [InlineData("previous", "d e f")]
    [InlineData("3", "g h")]
    [InlineData("current", "g h")]
    public void Each_server_has_the_lines_between_its_start_and_the_next(string generation, string texts)
    {
        LogLine[] lines = [Line(0, "a"), Line(4, "b"), Line(5, "c"), Line(6, "d"), Line(7, "e"), Line(8, "f"), Line(9, "g"), Line(11, "h")];

        new LogRequest(Everything, generation).Of("web", Ledger)!.From(ReadLines.Of(lines, withSeverity: false)).Select(read => read.Line.Text).Should().Equal(texts.Split(' '));
        lines.Select(line => GenerationTimes.Of(Ledger).Of(line.At)).Should().Equal(1, 1, 1, 2, 2, 2, 3, 3);
    }

    [Fact]
    public void What_the_ledger_does_not_have_is_nothing()
    {
        new LogRequest(Everything, "4").Of("web", Ledger).Should().BeNull();
        new LogRequest(Everything, "previous").Of("web", [Ledger[0]]).Should().BeNull();
        new LogRequest(Everything, "current").Of("web", []).Should().BeNull();
        new LogRequest(Everything, IsSinceChange: true).Of("web", [Ledger[0]]).Should().BeNull();
        GenerationTimes.Of(Ledger).Of(Boards.Noon.AddSeconds(-1)).Should().BeNull();
    }

    [Fact]
    public void Since_the_last_change_is_since_the_last_entry_with_files() =>
        new LogRequest(Everything, IsSinceChange: true).Of("web", Ledger)!.Since.Should().Be(Boards.Noon.AddSeconds(9));

    [Fact]
    public void A_severity_and_a_stream_leave_out_the_others_and_a_line_that_says_none_is_info()
    {
        LogLine[] lines = [Line(1, "DEBUG: x"), Line(2, "served"), Line(3, "ERROR: no") with { Stream = "stderr" }, Line(4, "  at a") with { Stream = "stderr" }];

        Texts(Everything with { Least = LogSeverity.Error }).Should().Equal("ERROR: no", "  at a");
        Texts(Everything with { Least = LogSeverity.Info }).Should().Equal("served", "ERROR: no", "  at a");
        Texts(Everything with { Stream = "stderr", Last = 1 }).Should().Equal("  at a");

        IEnumerable<string> Texts(LogSelection selection) => selection.From(ReadLines.Of(lines, withSeverity: true)).Select(read => read.Line.Text);
    }

    private static LogLine Line(int second, string text) => new(1, Boards.Noon.AddSeconds(second), "stdout", text, Partial: false);

    private static LedgerEntry Entry(int second, string what, int generation, int pid, params string[] files) =>
        new(Boards.Noon.AddSeconds(second), what, "files", generation, pid, files, null, null, null);
}
