using Supervisor.Cli.Output;

namespace Supervisor.Unit.Cli;

/// <summary>The severity of lines as real servers print them.</summary>
public sealed class LineSeveritySpecs
{
    [Theory]
    [InlineData("ERROR:root:no such row")]
    [InlineData("2026-12-01 12:00:00,123 ERROR django.request: Internal Server Error: /")]
    [InlineData("[2026-12-01 12:00:00 +0000] [123] [ERROR] Exception in worker process")]
    [InlineData("2026/12/01 12:00:00 [error] 123#0: *1 open() failed")]
    [InlineData("2026-12-01 12:00:00.123 UTC [123] ERROR:  relation \"x\" does not exist")]
    [InlineData("2026-12-01 12:00:00.123 UTC [123] FATAL:  password authentication failed")]
    [InlineData("[2026-12-01T12:00:00Z ERROR app] no route")]
    [InlineData("2026-12-01T12:00:00.123456Z ERROR app::db: no connection")]
    [InlineData("E1201 12:00:00.000000   123 server.go:1] failed")]
    [InlineData("E, [2026-12-01T12:00:00.123456 #123] ERROR -- : no method")]
    [InlineData("12:00:00.000 [error] GenServer terminating")]
    [InlineData("fail: Microsoft.AspNetCore.Server.Kestrel[13]")]
    [InlineData("\x1b[41m\x1b[30mcrit\x1b[39m\x1b[22m\x1b[49m: App[0]")]
    [InlineData("npm ERR! code ELIFECYCLE")]
    [InlineData("✘ [ERROR] Could not resolve \"x\"")]
    [InlineData("src/a.ts(1,2): error TS1005: ';' expected.")]
    [InlineData("a.c:1:2: fatal error: x.h: No such file or directory")]
    [InlineData("Error: Cannot find module 'x'")]
    [InlineData("TypeError: x is not a function")]
    [InlineData("Unhandled exception. System.InvalidOperationException: no")]
    [InlineData("Traceback (most recent call last):")]
    [InlineData("panic: runtime error: index out of range")]
    [InlineData("thread 'main' panicked at src/main.rs:2:5:")]
    [InlineData("{\"level\":50,\"time\":1764590400000,\"msg\":\"no\"}")]
    [InlineData("{\"timestamp\":\"x\",\"severity\":\"CRITICAL\",\"message\":\"no\"}")]
    [InlineData("{\"@t\":\"x\",\"@mt\":\"no\",\"@l\":\"Error\"}")]
    [InlineData("time=\"2026-12-01T12:00:00Z\" level=error msg=\"no\"")]
    [InlineData("ERROR in ./src/index.js 1:2")]
    [InlineData("SEVERE: Error configuring")]
    public void An_error(string line) => LineSeverity.Of(line).Should().Be(LogSeverity.Error);

    [Theory]
    [InlineData("WARNING:root:old")]
    [InlineData("warn: Microsoft.AspNetCore[1]")]
    [InlineData("{\"levelname\": \"WARNING\", \"message\": \"x\"}")]
    [InlineData("level=warn msg=x")]
    [InlineData("main.c:3:1: warning: unused variable")]
    [InlineData("W1201 12:00:00.000000 1 a.go:1] old")]
    public void A_warning(string line) => LineSeverity.Of(line).Should().Be(LogSeverity.Warning);

    [Theory]
    [InlineData("INFO:     127.0.0.1:1234 - \"GET / HTTP/1.1\" 200 OK", LogSeverity.Info)]
    [InlineData("info: Microsoft.Hosting.Lifetime[14]", LogSeverity.Info)]
    [InlineData("{\"level\":30,\"msg\":\"error handling is ready\"}", LogSeverity.Info)]
    [InlineData("DEBUG:app:x", LogSeverity.Debug)]
    [InlineData("{\"level\":\"trace\"}", LogSeverity.Debug)]
    public void What_is_less(string line, object severity) => LineSeverity.Of(line).Should().Be((LogSeverity)severity);

    [Theory]
    [InlineData("")]
    [InlineData("GET /error 200")]
    [InlineData("0 errors, 0 warnings")]
    [InlineData("error handling is ready")]
    [InlineData("Info  - Ready")]
    [InlineData("ERROR_CODE=0")]
    [InlineData("{\"message\":\"no level\"}")]
    [InlineData("{ not json")]
    [InlineData("Listening on 127.0.0.1:8000")]
    public void What_says_none(string line) => LineSeverity.Of(line).Should().BeNull();

    [Fact]
    public void The_lines_of_a_stack_or_a_traceback_have_the_severity_of_their_head_and_the_next_line_its_own()
    {
        string[] text =
        [
            "Traceback (most recent call last):", "  File \"a.py\", line 1", "", "    x()", "ValueError: no", "ready", "fail: App[0]", "      no row", "      at App.Main()",
            "info: App[0]", "      served", "Error: x", "    at a.js:1:2", "ready",
        ];

        ReadLines.Of(text.Select(line => Line(line, "stderr")), withSeverity: true).Select(read => read.Severity).Should().Equal(
            LogSeverity.Error, LogSeverity.Error, LogSeverity.Error, LogSeverity.Error, LogSeverity.Error, null, LogSeverity.Error, LogSeverity.Error, LogSeverity.Error,
            LogSeverity.Info, LogSeverity.Info, LogSeverity.Error, LogSeverity.Error, null);
    }

    [Fact]
    public void A_line_of_the_other_stream_does_not_end_a_stack_and_those_of_supervisor_have_marks()
    {
        ReadLines.Of([Line("Error: x", "stderr"), Line("served", "stdout"), Line("    at a.js:1:2", "stderr"), Line("✗ failed: exit code 1", "host"), Line("! stale", "host"), Line("✓ ready", "host")], withSeverity: true)
            .Select(read => read.Severity).Should().Equal(LogSeverity.Error, null, LogSeverity.Error, LogSeverity.Error, LogSeverity.Warning, LogSeverity.Info);
    }

    private static LogLine Line(string text, string stream) => new(1, Boards.Noon, stream, text, Partial: false);
}
