using System.Text;
using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;

namespace Supervisor.Unit.Cli;

/// <summary>How the parts of long lines become lines again, and where log files and host meet.</summary>
public sealed class WholeLineSpecs
{
    private readonly StringBuilder _shown = new();
    private readonly OutputView _view;

    public WholeLineSpecs() => _view = new OutputView(
        "web", new LineFormat(["web"], new Palette(coloured: false), new LineClock(TimeZoneInfo.Utc, LineTimes.Own)), selection: null,
        bytes =>
        {
            _shown.Append(Encoding.UTF8.GetString(bytes.Span));
            return ValueTask.CompletedTask;
        });

    [Fact]
    public void Parts_become_one_line_with_the_number_and_the_time_of_the_last() =>
        WholeLines.Of([Part(1, "a"), Part(2, "b"), Line(3, "c"), Line(4, "d")]).Should().Equal(Line(3, "abc"), Line(4, "d"));

    [Fact]
    public void Each_stream_has_lines_of_its_own_and_a_host_interrupts_none() =>
        WholeLines.Of([Part(1, "a"), Line(2, "oops", "stderr"), Line(3, "✓ ready", "host"), Line(4, "b")]).Select(line => line.Text)
            .Should().Equal("oops", "✓ ready", "ab");

    [Theory]
    [InlineData("✓ started (pid 7)")]
    [InlineData("started again (pid 7)")]
    public void A_line_that_a_killed_host_has_not_ended_is_not_continued_by_the_next_server(string started) =>
        WholeLines.Of([Part(1, "a"), Line(2, started, "host"), Line(3, "b")]).Select(line => line.Text).Should().Equal("a", started, "b");

    [Fact]
    public void A_line_without_an_end_is_shown_at_the_end() =>
        WholeLines.Of([Part(1, "a"), Part(2, "b")]).Should().Equal(Line(2, "ab"));

    [Fact]
    public void A_line_that_never_ends_is_shown_in_pieces()
    {
        var part = new string('x', WholeLines.MaxLength / 4);

        WholeLines.Of(Enumerable.Range(1, 6).Select(number => Part(number, part))).Select(line => line.Text.Length)
            .Should().Equal(WholeLines.MaxLength, WholeLines.MaxLength / 2);
    }

    [Fact]
    public void The_files_end_where_the_hosts_lines_begin_also_within_the_lines_of_one_read()
    {
        LogLine[] files = [At(0, "a"), At(1, "b"), At(1, "c"), At(1, "c"), At(1, "d"), At(2, "e"), At(3, "newer")];
        LogLine[] held = [At(1, "c"), At(1, "d"), At(2, "e")];

        LogHistory.Of(files, held).Select(line => line.Text).Should().Equal("a", "b", "c", "c", "d", "e");
    }

    [Fact]
    public void What_a_full_disk_has_kept_out_of_the_files_comes_from_the_host() =>
        LogHistory.Of([At(0, "a"), At(1, "b")], [At(1, "c"), At(2, "d")]).Select(line => line.Text).Should().Equal("a", "b", "c", "d");

    [Fact]
    public void A_time_of_the_host_is_finer_than_that_of_the_files() =>
        LogHistory.Of([At(0, "a"), At(1, "b")], [At(1, "b") with { At = Boards.Noon.AddSeconds(1).AddTicks(7) }]).Select(line => line.Text).Should().Equal("a", "b");

    [Fact]
    public void The_hosts_lines_do_not_suffice_while_one_of_them_may_have_begun_before()
    {
        var last = new LogSelection(Last: 2, Since: null, Pattern: null);

        last.IsMetBy([Line(7, "end of a long line"), Line(8, "b"), Line(9, "c")]).Should().BeTrue();
        last.IsMetBy([Line(8, "end of a long line"), Line(9, "c")]).Should().BeFalse();
        last.IsMetBy([Line(1, "b"), Line(2, "c")]).Should().BeTrue("the first line of all is whole");
        last.IsMetBy([Part(7, "a"), Part(8, "b"), Line(9, "c")]).Should().BeFalse("three parts are one line");
    }

    [Fact]
    public async Task A_follower_shows_a_line_once_its_end_has_come()
    {
        var part = new string('x', HostChannels.LongestPart - 1);
        Add($"stdout P {part}");
        Add("stderr F oops");
        await _view.FlushAsync();
        _shown.ToString().Should().Be("web        ! oops\n");
        _view.HasOpenLine.Should().BeTrue();

        Add("stdout F 글");
        await _view.FlushAsync();
        _shown.ToString().Should().EndWith($"web        | {part}글\n");
        _view.HasOpenLine.Should().BeFalse();
    }

    [Fact]
    public async Task A_follower_shows_what_a_line_has_when_its_end_does_not_come()
    {
        var part = new string('x', HostChannels.LongestPart);
        Add("stdout P Really? ");
        Add($"stdout P {part}");
        _view.EndLines();
        Add($"stdout P {part}");
        Add("host F ✓ started (pid 7)");
        Add($"stdout P {part}");
        _view.AddMissed(3);
        await _view.FlushAsync();

        var lines = _shown.ToString().Split('\n');
        lines.Where(line => line.Contains('|', StringComparison.Ordinal)).Should().Equal("web        | Really? ", $"web        | {part}", $"web        | {part}", $"web        | {part}");
        lines[3].Should().EndWith("started (pid 7)");
        lines[5].Should().Contain("3 lines");
    }

    private void Add(string line)
    {
        OutputLine.TryParse(Encoding.UTF8.GetBytes("2026-01-31T12:00:00.000000Z " + line), out var parsed).Should().BeTrue();
        _view.Add(parsed);
    }

    private static LogLine Line(long number, string text, string stream = "stdout") => new(number, Boards.Noon.AddSeconds(number), stream, text, Partial: false);

    private static LogLine Part(long number, string text) => Line(number, text) with { Partial = true };

    private static LogLine At(int seconds, string text) => Line(seconds, text) with { Number = 0 };
}
