using Supervisor.Supervision;

namespace Supervisor.Unit.Supervision;

/// <summary>The line of a program's last output that says why it failed.</summary>
public sealed class FailureLineSpecs
{
    public static TheoryData<string, string> Outputs => new()
    {
        {
            """
            GET /login 500 error
            Traceback (most recent call last):
              File "manage.py", line 22, in <module>
                import flask
            ModuleNotFoundError: No module named 'flask'
            """, "ModuleNotFoundError: No module named 'flask'"
        },
        {
            """
            Traceback (most recent call last):
              File "a.py", line 1, in f
            KeyError: 'a'

            During handling of the above exception, another exception occurred:

            Traceback (most recent call last):
              File "b.py", line 2, in g
            pymongo.errors.ServerTimeout: no server
            Exit at once.
            """, "pymongo.errors.ServerTimeout: no server"
        },
        {
            """
              File "site/views.py", line 4
                def (
                    ^
            SyntaxError: invalid syntax
            """, "SyntaxError: invalid syntax"
        },
        {
            """
            /srv/app.js:3
            throw new Error("boom")
            ^

            Error: boom
                at Object.<anonymous> (/srv/app.js:3:7)
                at Module._compile (node:internal/modules/cjs/loader:1554:14)

            Node.js v22.14.0
            """, "Error: boom"
        },
        {
            """
            node:internal/modules/esm/resolve:257
                throw new ERR_MODULE_NOT_FOUND(
                      ^

            Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'express' imported from /srv/app.mjs
                at packageResolve (node:internal/modules/esm/resolve:257:9) {
              code: 'ERR_MODULE_NOT_FOUND'
            }
            """, "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'express' imported from /srv/app.mjs"
        },
        {
            """
            info: Microsoft.Hosting.Lifetime[0]
            Unhandled exception. System.IO.IOException: Failed to bind to address http://127.0.0.1:5000: address already in use.
             ---> Microsoft.AspNetCore.Connections.AddressInUseException: Address already in use
               at Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServer.Start()
            """, "Unhandled exception. System.IO.IOException: Failed to bind to address http://127.0.0.1:5000: address already in use."
        },
        { "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.main()\nexit status 2", "panic: runtime error: index out of range [5] with length 3" },
        { "thread 'main' panicked at src/main.rs:2:5:\nno database\nnote: run with `RUST_BACKTRACE=1`", "thread 'main' panicked at src/main.rs:2:5: no database" },
        { "Exception in thread \"main\" java.lang.IllegalStateException: no port\n\tat Main.main(Main.java:5)\nCaused by: java.io.IOException: x", "Exception in thread \"main\" java.lang.IllegalStateException: no port" },
        { "app.rb:1:in 'foo': undefined method 'x' (NoMethodError)\n\tfrom app.rb:9:in '<main>'", "app.rb:1:in 'foo': undefined method 'x' (NoMethodError)" },
        { "starting\n[2026-11-30 12:00:00] [ERROR] Connection in use: ('127.0.0.1', 8000)\n[ERROR] Retrying in 1 second.", "[2026-11-30 12:00:00] [ERROR] Connection in use: ('127.0.0.1', 8000)" },
        { "Found 0 errors. Watching.\n# Could not create server TCP listening socket *:6379: bind: Address already in use\nbye", "# Could not create server TCP listening socket *:6379: bind: Address already in use" },
        { "sh: 1: flask: not found", "sh: 1: flask: not found" },
    };

    [Theory]
    [MemberData(nameof(Outputs))]
    public void The_line_that_says_why_is_found(string output, string line) => FailureLine.In(output.ReplaceLineEndings("\n").Split('\n')).Should().Be(line);

    [Theory]
    [InlineData("")]
    [InlineData("listening on 8000\nGET / 200")]
    [InlineData("Found 0 errors.\ncompiled without errors")]
    public void Output_without_an_error_has_no_such_line(string output) => FailureLine.In(output.Split('\n')).Should().BeNull();

    [Fact]
    public void A_traceback_that_is_cut_off_at_its_end_is_no_reason_to_fail() =>
        FailureLine.In(["Traceback (most recent call last):", "  File \"a.py\", line 1, in f"]).Should().BeNull();

    [Fact]
    public void A_long_line_is_cut() => FailureLine.In(["ValueError: " + new string('x', 5_000)])!.Length.Should().Be(200);

    [Theory]
    [InlineData("\x1b[31mError:\x1b[0m no", "Error: no")]
    [InlineData("\x1b]0;title\alistening\x1b[K", "listening")]
    [InlineData("10 %\r20 %\r\r30 %\r", "30 %")]
    [InlineData("\ta tab and a bell\a", "\ta tab and a bell")]
    [InlineData("plain", "plain")]
    public void Lines_lose_what_only_a_terminal_understands(string line, string text) => OutputText.Plain(line).Should().Be(text);
}
