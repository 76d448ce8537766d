using Spectre.Console;
using Supervisor.Cli.Rendering;

namespace Supervisor.Unit.Cli;

/// <summary>The table of <c>status</c> in terminals of different widths, and without a terminal.</summary>
public sealed class StatusWidthSpecs
{
    private const string LongPath = "packages/storefront/src/components/checkout/payment/providers/CreditCardForm.test.tsx";

    private static readonly string LongName = "customer-facing-storefront-web-service-a"[..40];

    private static readonly string LongReason = string.Concat(Enumerable.Repeat("validation exited with code 1 ", 10)).Trim().PadRight(300, '!');

    private static readonly StatusReport Crowded = Boards.Of(
        Ready("web", "src/index.html"),
        Ready(LongName, LongPath) with { Ports = [8000, 8001, 8002, 8003, 8004, 8005, 8006], Reloads = 1234, Restarts = 567 },
        Ready("wide", "文档/设计/非常长的文件夹名称/另一个非常长的文件夹名称/说明文件.md"),
        Boards.Service("broken", ServicePhase.CrashLoop) with { Stale = true, Reason = LongReason },
        Boards.Service("port-taken", ServicePhase.Blocked) with { Reason = $"cannot read /{LongPath}/{LongPath}\nand more" },
        Boards.Service("slow", ServicePhase.Draining, pid: 77));

    private static readonly StatusReport Ordinary = Boards.Of(Ready("web", "src/Demo/site/index.html"), Ready("worker", "src/Demo/site/index.html"));

    public static TheoryData<int> Widths => [20, 40, 60, 80, 100, 140];

    [Theory]
    [MemberData(nameof(Widths))]
    public void No_line_is_longer_than_the_terminal_is_wide(int width) =>
        Shown(Crowded, width).Where(line => line.GetCellWidth() > width).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Widths))]
    public void No_cell_is_wrapped_and_every_row_has_its_service_and_state(int width)
    {
        var rows = Table(Shown(Crowded, width));

        rows.Should().HaveCount(1 + Crowded.Services.Count);
        rows.Zip(Crowded.Services.Select(service => service.Name).Prepend("SERVICE")).Should().AllSatisfy(row =>
            row.First.Should().StartWith(row.Second[..Math.Min(4, row.Second.Length)]));
        rows.Zip(["STATE", "ready", "ready", "ready", "crash", "block", "stopp"]).Should().AllSatisfy(row => row.First.Should().Contain(row.Second));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_long_reason_is_wrapped_between_words_and_indented(int width)
    {
        var lines = Shown(Crowded, width).SkipWhile(line => !line.StartsWith("broken: ", StringComparison.Ordinal)).ToArray();
        var reason = lines.Skip(1).TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal)).Prepend(lines[0]);

        string.Join(' ', reason.Select(line => line.Trim())).Replace("! !", "!!", StringComparison.Ordinal).Should().Be($"broken: {LongReason}");
    }

    [Theory]
    [InlineData(140, "SERVICE STATE PID PORTS UP RELOADS RESTARTS MEMORY CPU LAST CHANGE")]
    [InlineData(100, "SERVICE STATE PID PORTS UP RELOADS RESTARTS MEMORY CPU LAST CHANGE")]
    [InlineData(85, "SERVICE STATE PID PORTS UP RELOADS RESTARTS MEMORY LAST CHANGE")]
    [InlineData(80, "SERVICE STATE PID PORTS UP RELOADS RESTARTS LAST CHANGE")]
    [InlineData(72, "SERVICE STATE PID PORTS UP RELOADS LAST CHANGE")]
    [InlineData(62, "SERVICE STATE PID PORTS UP LAST CHANGE")]
    [InlineData(52, "SERVICE STATE PID PORTS LAST CHANGE")]
    [InlineData(45, "SERVICE STATE PORTS LAST CHANGE")]
    [InlineData(40, "SERVICE STATE PORTS")]
    [InlineData(20, "SERVICE STATE")]
    public void Columns_that_do_not_fit_are_left_out_the_least_important_first(int width, string columns) =>
        string.Join(' ', Shown(Ordinary, width)[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Should().Be(columns);

    [Theory]
    [InlineData(140, "src/Demo/site/index.html, 30s ago")]
    [InlineData(100, "…/Demo/site/index.html, 30s ago")]
    [InlineData(96, "…/site/index.html, 30s ago")]
    [InlineData(90, "…/index.html, 30s ago")]
    [InlineData(88, "…index.html, 30s ago")]
    public void The_last_change_keeps_the_end_of_its_path_and_its_time(int width, string change) =>
        Shown(Ordinary, width)[1].Should().EndWith(" " + change);

    [Fact]
    public void Of_many_files_the_number_stays_too()
    {
        var board = Boards.Of(Ready("web", "src/Demo/site/index.html", "src/Demo/site/other.html"));

        Shown(board, 100)[1].Should().EndWith(" …/index.html and 1 more, 30s ago");
    }

    [Fact]
    public void Without_a_terminal_the_whole_table_and_whole_reasons_are_written()
    {
        var lines = Shown(Crowded, Screen.Unlimited);

        lines[0].Should().ContainAll("SERVICE", "STATE", "PID", "PORTS", "UP", "RELOADS", "RESTARTS", "MEMORY", "CPU", "LAST CHANGE");
        Table(lines)[2].Should().Contain(LongName).And.Contain(LongPath);
        lines.Should().Contain($"broken: {LongReason}");
    }

    [Fact]
    public void Three_ports_are_shown_and_how_many_more_there_are()
    {
        Shown(Boards.Of(Ready("web", "a.py") with { Ports = [80, 81, 82] }), 140)[1].Should().Contain(" 80,81,82 ");
        Shown(Boards.Of(Ready("web", "a.py") with { Ports = [80, 81, 82, 83, 84] }), 140)[1].Should().Contain(" 80,81,82,+2 ");
    }

    [Fact]
    public void Colours_take_no_room()
    {
        var lines = Shown(Crowded, 80, coloured: true);

        lines[0].Should().NotContain("\e");
        Table(lines).Skip(1).Should().AllSatisfy(line => line.Should().MatchRegex("\e\\[[\\d;]+m[a-z-]+(, stale)?\e\\[0m"));
        lines.Select(line => System.Text.RegularExpressions.Regex.Replace(line, "\e\\[[\\d;]+m", "")).Should().Equal(Shown(Crowded, 80));
    }

    [Fact]
    public void A_file_name_cannot_break_its_line_or_send_escape_sequences()
    {
        var lines = Shown(Boards.Of(Ready("web", "a\n\tb\e[31m.py")), 140);

        Table(lines).Should().HaveCount(2);
        string.Concat(lines).Should().NotContain("\e").And.NotContain("\t");
    }

    private static ServiceStatus Ready(string name, params string[] changed) => Boards.Service(name, ServicePhase.Ready, pid: 12934) with
    {
        Ports = [8000], MemoryBytes = 38L << 20, CpuPercent = 0.5, Reloads = 2, LastChange = new LastChange("files", changed, Boards.Noon.AddSeconds(1), 41),
    };

    private static string[] Table(string[] lines) => [.. lines.TakeWhile(line => line.Length > 0)];

    private static string[] Shown(StatusReport board, int width, bool coloured = false)
    {
        using var output = new StringWriter();
        StatusTable.Write(new Screen(output, TextWriter.Null, coloured, IsTerminal: width != Screen.Unlimited, width), board, Boards.Noon.AddSeconds(31));
        return [.. output.ToString().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }
}
