using System.Text.RegularExpressions;
using Supervisor.Cli;
using Supervisor.Cli.Commands;
using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;

namespace Supervisor.Unit.Cli;

/// <summary>Which lines <c>logs</c> shows, in which order and how.</summary>
public sealed class LogSpecs : IDisposable
{
    private static readonly LogSelection Everything = new(Last: null, Since: null, Pattern: null);
    private readonly string _folder = Directory.CreateTempSubdirectory("sv-logs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Rotated_files_are_read_oldest_first_and_torn_lines_are_skipped()
    {
        var log = Path.Combine(_folder, "web.log");
        File.WriteAllText(log + ".2", "2026-01-31T12:00:00.000000001Z stdout F one\n");
        File.WriteAllText(log + ".1", "2026-01-31T12:00:01Z stdout P two\ntorn\n2026-01-31T12:");
        File.WriteAllText(log, "2026-01-31T12:00:02Z stderr F three  words\n");

        LogFile.Read(log).Select(line => (line.Stream, line.Text, line.Partial)).Should().Equal(
            ("stdout", "one", false), ("stdout", "two", true), ("stderr", "three  words", false));
    }

    [Fact]
    public void A_line_ends_at_its_line_feed_only()
    {
        var log = Path.Combine(_folder, "web.log");
        File.WriteAllText(log, $"2026-01-31T12:00:00Z stdout F 10 %\r50 %\rdone\r\n2026-01-31T12:00:01Z stdout F {new string('x', 200_000)}\n");

        LogFile.Read(log).Select(line => line.Text).Should().Equal("10 %\r50 %\rdone\r", new string('x', 200_000));
    }

    [Fact]
    public void A_service_that_never_ran_has_no_lines() => LogFile.Read(Path.Combine(_folder, "none.log")).Should().BeEmpty();

    [Theory]
    [InlineData("2026-01-31T12:00:02Z stdout F ", "")]
    [InlineData("2026-01-31T12:00:02.123456789Z host F started", "started")]
    public void An_empty_line_is_a_line(string text, string shown) => LogFile.Parse(text)!.Text.Should().Be(shown);

    [Fact]
    public void The_last_lines_are_counted_after_the_pattern()
    {
        var selection = new LogSelection(Last: 2, Since: null, new Regex("[02468]$", RegexOptions.None, TimeSpan.FromSeconds(1)));

        selection.From(Read(Lines(10))).Select(read => read.Line.Number).Should().Equal(8, 10);
    }

    [Fact]
    public void A_pattern_is_found_with_colours_in_its_midst()
    {
        var selection = new LogSelection(Last: null, Since: null, new Regex("^status 200$", RegexOptions.None, TimeSpan.FromSeconds(1)));

        selection.Matches("status \e[1;32m200\e[0m").Should().BeTrue();
        selection.Matches("status \e[31m500\e[0m").Should().BeFalse();
    }

    [Fact]
    public void Lines_older_than_requested_are_left_out() =>
        (Everything with { Since = Boards.Noon.AddSeconds(3) }).From(Read(Lines(4))).Select(read => read.Line.Number).Should().Equal(3, 4);

    [Fact]
    public void Lines_of_several_services_come_in_the_order_of_their_times() =>
        LogSelection.Merge([("a", Read([Line(1), Line(4)])), ("b", Read([Line(2), Line(3), Line(4)])), ("c", [])])
            .Select(pair => $"{pair.Service}{pair.Line.Line.Number}").Should().Equal("a1", "b2", "b3", "a4", "b4");

    [Fact]
    public void Files_are_read_only_for_what_the_host_no_longer_holds()
    {
        LogLine[] held = [.. Lines(20).Skip(10)];

        (Everything with { Last = 9 }).IsMetBy(held).Should().BeTrue("nine whole lines are there");
        (Everything with { Last = 11 }).IsMetBy(held).Should().BeFalse("the eleventh is in a file");
        (Everything with { Since = Boards.Noon.AddSeconds(12) }).IsMetBy(held).Should().BeTrue("they begin before that");
        Everything.IsMetBy(held).Should().BeFalse();
        Everything.IsMetBy([.. Lines(3)]).Should().BeTrue("the host holds all from the first line on");
        Everything.IsMetBy([]).Should().BeFalse("a new host holds nothing yet");
    }

    [Fact]
    public void A_place_among_lines_of_one_time_is_known_only_with_all_of_them()
    {
        LogLine[] held = [Line(7) with { At = Boards.Noon }, Line(8) with { At = Boards.Noon.AddTicks(3) }, Line(9), Line(10)];
        var told = Everything with { TellsPlaces = true };

        (told with { Last = 2 }).IsMetBy(held).Should().BeTrue("line 9 is the first of its time");
        (told with { Last = 3 }).IsMetBy(held).Should().BeFalse("before line 7 there may be others of the time of line 8");
        (told with { Last = 0 }).IsMetBy(held[..2]).Should().BeFalse("the cursor tells the place of the last line");
        (Everything with { Last = 3 }).IsMetBy(held).Should().BeTrue();
    }

    [Fact]
    public void The_default_is_the_last_hundred_lines_and_with_a_filter_all_lines()
    {
        LogsCommand.Selection(null, null, null, Boards.Noon).Last.Should().Be(100);
        LogsCommand.Selection(null, "10m", null, Boards.Noon).Should().Be(Everything with { Since = Boards.Noon.AddMinutes(-10) });
        LogsCommand.Selection(5, null, "x", Boards.Noon).Last.Should().Be(5);
        LogsCommand.Selection(null, "2026-01-31T10:00:00Z", null, Boards.Noon).Since.Should().Be(Boards.Noon.AddHours(-2));
    }

    [Theory]
    [InlineData(null, "yesterday-ish", null)]
    [InlineData(null, null, "(")]
    [InlineData(-1, null, null)]
    public void An_invalid_filter_is_bad_usage(int? last, string? since, string? grep) =>
        FluentActions.Invoking(() => LogsCommand.Selection(last, since, grep, Boards.Noon))
            .Should().Throw<CommandFailure>().Which.ExitCode.Should().Be(ExitCode.BadUsage);

    [Fact]
    public void Names_are_aligned_and_coloured_only_where_there_is_colour()
    {
        var clock = new LineClock(TimeZoneInfo.Utc, LineTimes.Own);
        new LineFormat(["web", "database"], new Palette(coloured: false), clock).Of("web", Line(1)).Should().Be("web        | line 1\n");
        new LineFormat(["web"], new Palette(coloured: true), clock).Of("web", Line(1) with { Text = "\e[31mred\r" })
            .Should().StartWith("\e[38;5;33mweb").And.EndWith("\e[31mred\e[0m\n");
    }

    private static IEnumerable<ReadLine> Read(IEnumerable<LogLine> lines) => ReadLines.Of(lines, withSeverity: false);

    private static IEnumerable<LogLine> Lines(int count) => Enumerable.Range(1, count).Select(n => Line(n));

    private static LogLine Line(int number) => new(number, Boards.Noon.AddSeconds(number), "stdout", $"line {number}", Partial: false);
}
