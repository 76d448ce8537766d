using System.Text.Json;
using Supervisor.Cli.Commands;
using Supervisor.Cli.Rendering;

namespace Supervisor.Unit.Cli;

public sealed class StatusSpecs
{
    private static readonly ServiceStatus Web = Boards.Service("web", ServicePhase.Ready, pid: 4) with
    {
        Ports = [8000], MemoryBytes = 3L << 20, CpuPercent = 1.25, Reloads = 6,
        LastChange = new LastChange("files", ["site/views.py"], Boards.Noon.AddSeconds(30), 41),
    };

    [Fact]
    public void A_row_shows_state_pid_ports_uptime_counters_usage_and_the_last_change()
    {
        var cells = StatusTable.Cells(Web, Boards.Noon.AddMinutes(1), new Palette(coloured: false)).Select(cell => cell.Whole);

        cells.Should().Equal("web", "ready", "4", "8000", "1m 0s", "6", "0", "3.0 MB", "1.3%", "site/views.py, 30s ago");
    }

    [Fact]
    public void The_table_shows_every_service_its_reason_the_watcher_and_the_tree()
    {
        var screen = Boards.Screen(out var output, out _);

        StatusTable.Write(screen, Boards.Of(Web with { Stale = true, Reason = "SyntaxError in views.py" }), Boards.Noon.AddHours(1));

        output.ToString().Should().Contain("ready, stale").And.Contain("web: SyntaxError in views.py")
            .And.Contain("watcher: watching, pid 2, inotify, 12 folders, 90 files, 9.0 MB of 128 MB")
            .And.Contain("tree: /project/supervisor.json, parent pid 1, up 1h 0m").And.NotContain("\e");
    }

    [Fact]
    public void Of_what_a_tool_printed_the_telling_line_is_shown_and_where_the_rest_is()
    {
        const string Refusal = "validation exited with code 1:   File \"<string>\", line 1, in <module>\n  File \"api.py\", line 6\n    def broken(:\n               ^\nSyntaxError: invalid syntax";

        StatusRemarks.Of(Boards.Of(Web with { Stale = true, Reason = Refusal }), Boards.Noon).First()
            .Should().Be("web: SyntaxError: invalid syntax: api.py:6; \"supervisor why web\" shows all of it");
    }

    [Fact]
    public void A_watch_path_is_mentioned_when_there_is_a_reason_for_its_backend()
    {
        var roots = new[] { new RootStatus("/project/site", "inotify", null), new RootStatus("/mnt/data", "inotify", "the kernel would not watch 3") };

        StatusRemarks.Of(Boards.Of(Boards.Watching with { Roots = roots }, Web), Boards.Noon)
            .Should().Contain("/mnt/data: inotify, the kernel would not watch 3").And.NotContainMatch("site: inotify*");
    }

    [Fact]
    public void All_watch_paths_are_mentioned_when_their_backends_differ()
    {
        var roots = new[] { new RootStatus("/project/site", "inotify", null), new RootStatus("/mnt/data", "poll", "nfs4") };

        StatusRemarks.Of(Boards.Of(Boards.Watching with { Roots = roots }, Web), Boards.Noon)
            .Should().Contain("/mnt/data: poll, nfs4").And.Contain("site: inotify");
    }

    [Fact]
    public void A_server_older_than_its_parent_is_shown_as_adopted() =>
        StatusRemarks.Of(Boards.Of(Web with { StartedAt = Boards.Noon.AddHours(-1) }), Boards.Noon)
            .Should().ContainMatch("adopted *web");

    [Fact]
    public void Json_is_the_report_of_the_parent_indented_or_in_one_line()
    {
        var board = Boards.Of(Web with { Reason = "<ä>" });

        AnswerJson.Of(board).Should().Contain("\n  \"watcher\": {").And.Contain("\"reason\": \"<ä>\"").And.Contain("\"lastExit\": null");
        AnswerJson.Line(board).Should().NotContain("\n");
        JsonSerializer.Deserialize(AnswerJson.Of(board), ContractJson.Default.StatusReport).Should().BeEquivalentTo(board);
    }

    [Theory]
    [InlineData(ServicePhase.Ready, false, ExitCode.Ok)]
    [InlineData(ServicePhase.Ready, true, ExitCode.Unhealthy)]
    [InlineData(ServicePhase.Backoff, false, ExitCode.Ok)]
    [InlineData(ServicePhase.Blocked, false, ExitCode.Unhealthy)]
    [InlineData(ServicePhase.CrashLoop, false, ExitCode.Unhealthy)]
    [InlineData(ServicePhase.Failed, false, ExitCode.Unhealthy)]
    [InlineData(ServicePhase.Stopped, false, ExitCode.Ok)]
    public void The_exit_code_shows_whether_a_service_is_unhealthy(ServicePhase state, bool stale, ExitCode exitCode) =>
        StatusCommand.ExitCodeOf(Boards.Of(Boards.Service("a", ServicePhase.Ready), Boards.Service("b", state) with { Stale = stale })).Should().Be(exitCode);

    [Fact]
    public void Only_the_named_services_count()
    {
        var board = Boards.Of(Web, Boards.Service("db", ServicePhase.CrashLoop));

        StatusCommand.ExitCodeOf(StatusCommand.Only(board, ["web"])).Should().Be(ExitCode.Ok);
        StatusCommand.Only(board, []).Should().BeSameAs(board);
    }

    [Fact]
    public void The_ledger_is_shown_as_lines()
    {
        var ledger = new Ledger("web",
        [
            new(Boards.Noon, "reloaded", "files", 7, 44, ["a.py", "b.py"], null, null, 41),
            new(Boards.Noon.AddDays(-1), "failed", "crash", 6, null, [], new ExitStatus(ExitKind.Exit, 1, null, Boards.Noon), "ImportError", null),
        ]);

        LedgerLines.Of(ledger, TimeZoneInfo.Utc, Boards.Noon).Should().Equal(
            "12:00:00  #7    reloaded    files: a.py, b.py; pid 44; down for 41ms",
            "2026-01-30 12:00:00  #6    failed      crash; ended with exit code 1; ImportError");
        LedgerLines.Of(new Ledger("db", []), TimeZoneInfo.Utc, Boards.Noon).Should().Equal("db has not been started yet.");
    }

    [Fact]
    public void The_ledger_tells_a_server_that_obeyed_from_one_that_did_not()
    {
        var obeyed = new LedgerEntry(Boards.Noon, "stopped", "manual", 7, 44, [], new ExitStatus(ExitKind.Signal, null, "SIGTERM", Boards.Noon), Detail: null, null);

        LedgerLines.Of(
            new Ledger("web", [obeyed, obeyed with { Detail = "exited with code 1", Exit = new ExitStatus(ExitKind.Exit, 1, null, Boards.Noon) }, obeyed with { Event = "failed" }]),
            TimeZoneInfo.Utc, Boards.Noon).Should().Equal(
            "12:00:00  #7    stopped     manual; ended as asked (SIGTERM); pid 44",
            "12:00:00  #7    stopped     manual; ended with exit code 1; exited with code 1; pid 44",
            "12:00:00  #7    failed      manual; ended with SIGTERM; pid 44");
    }

    [Fact]
    public void Outcomes_that_failed_go_to_the_error_stream_and_make_the_exit_code()
    {
        var screen = Boards.Screen(out var output, out var errors);

        OutcomeLines.Write(screen, new Outcomes([new("web", true, "web is ready", null), new("db", false, "no such file", null)]), json: false)
            .Should().Be(ExitCode.Failed);

        output.ToString().Should().Be($"ok     web is ready{output.NewLine}");
        errors.ToString().Should().Be($"failed db: no such file{errors.NewLine}");
    }

    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(999, "999ms")]
    [InlineData(1_500, "1.5s")]
    [InlineData(59_999, "59s")]
    [InlineData(3_599_000, "59m 59s")]
    [InlineData(7_260_000, "2h 1m")]
    [InlineData(180_000_000, "2d 2h")]
    [InlineData(-5, "0ms")]
    public void A_time_span_is_shown_in_its_two_largest_units(long milliseconds, string text) =>
        Wording.Span(TimeSpan.FromMilliseconds(milliseconds)).Should().Be(text);
}
