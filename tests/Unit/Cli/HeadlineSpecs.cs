namespace Supervisor.Unit.Cli;

public sealed class HeadlineSpecs
{
    [Theory]
    [InlineData("was killed by SIGKILL; next start 500 ms after that", "was killed by SIGKILL; next start 500 ms after that")]
    [InlineData("validation exited with code 1", "validation exited with code 1")]
    [InlineData("validation exited with code 1: bad", "bad")]
    [InlineData("build exited with code 2: make: start\nmain.go:3:1: syntax error: x\nmake: *** [app] Error 1", "main.go:3:1: syntax error: x")]
    [InlineData("validation exited with code 2: File \"/a/b.py\", line 12, in <module>\n  x()\nfoo.BarError: no\n", "foo.BarError: no: b.py:12")]
    [InlineData("validation exited with code 1: Traceback\nAssertionError", "AssertionError")]
    [InlineData("validation exited with code 2: src/a.ts(3,1): error TS1005: ';' expected.\nsrc/b.ts(1,1): error TS1.", "src/a.ts(3,1): error TS1005: ';' expected.")]
    [InlineData("validation exited with code 1: one\ntwo", "two")]
    [InlineData("", "")]
    public void The_line_that_says_most_is_found(string reason, string headline) => Headline.Of(reason).Should().Be(headline);
}
