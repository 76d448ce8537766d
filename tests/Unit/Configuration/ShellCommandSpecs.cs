using Supervisor.Configuration.Shell;
using Supervisor.Processes;
using Supervisor.Unit.Processes;

namespace Supervisor.Unit.Configuration;

/// <summary>Which commands in one text the shell is told to exec.</summary>
public sealed class ShellCommandSpecs : ProcessSpecs
{
    [Theory]
    [InlineData("node server.js", "exec node server.js")]
    [InlineData("  node server.js \n", "  exec node server.js \n")]
    [InlineData("./node_modules/.bin/vite --port $PORT", "exec ./node_modules/.bin/vite --port $PORT")]
    [InlineData("~/bin/server", "exec ~/bin/server")]
    [InlineData("A=b PATH=\"$PWD/bin:$PATH\" C='d e' node server.js", "A=b PATH=\"$PWD/bin:$PATH\" C='d e' exec node server.js")]
    [InlineData("A=$(date -u \"+%H (%M)\") node", "A=$(date -u \"+%H (%M)\") exec node")]
    [InlineData("'my server' \"a;b\" 'c & d' e\\|f", "exec 'my server' \"a;b\" 'c & d' e\\|f")]
    [InlineData("python3 -c 'import time\ntime.sleep(1)'", "exec python3 -c 'import time\ntime.sleep(1)'")]
    [InlineData("uvicorn app:app --workers $(nproc) --port ${PORT:-8000}", "exec uvicorn app:app --workers $(nproc) --port ${PORT:-8000}")]
    [InlineData("server \"$(cat \"a;b\" ')')\" `hostname`", "exec server \"$(cat \"a;b\" ')')\" `hostname`")]
    [InlineData("server $((1 << 2)) x", null)]
    [InlineData("server $((1 * 2)) x", "exec server $((1 * 2)) x")]
    [InlineData("server >log 2>&1 </dev/null 3<>x >|y", "exec server >log 2>&1 </dev/null 3<>x >|y")]
    [InlineData("server --color '#fff' a#b $# # and; a | comment", "exec server --color '#fff' a#b $# # and; a | comment")]
    [InlineData("env A=b server", "exec env A=b server")]
    [InlineData("echoes loudly", "exec echoes loudly")]
    [InlineData("server then if { } !", "exec server then if { } !")]
    public void One_simple_command_is_run_by_exec(string text, string? expected) => ShellCommand.WithExec(text).Should().Be(expected ?? text);

    [Theory]
    [InlineData("exec node server.js")]
    [InlineData("a | b")]
    [InlineData("a && b")]
    [InlineData("a || b")]
    [InlineData("a; b")]
    [InlineData("a;")]
    [InlineData("a &")]
    [InlineData("a &>log")]
    [InlineData("a |& b")]
    [InlineData("a\nb")]
    [InlineData("# a comment\na # another\nb")]
    [InlineData("a # comment\nb")]
    [InlineData("(a)")]
    [InlineData("{ a; }")]
    [InlineData("! a")]
    [InlineData("time a")]
    [InlineData("if true; then a; fi")]
    [InlineData("while :; do a; done")]
    [InlineData("for x in 1 2; do a; done")]
    [InlineData("case a in a) b;; esac")]
    [InlineData("f() { a; }; f")]
    [InlineData("function f { a; }")]
    [InlineData("cd sub")]
    [InlineData("export A=b")]
    [InlineData(". ./env.sh")]
    [InlineData("source env.sh")]
    [InlineData("eval \"$COMMAND\"")]
    [InlineData("trap 'x' TERM")]
    [InlineData("exit 3")]
    [InlineData("echo hello")]
    [InlineData("'echo' hello")]
    [InlineData("test -e x")]
    [InlineData("[ -e x ]")]
    [InlineData("[[ -e x ]]")]
    [InlineData("command -v x")]
    [InlineData(":")]
    [InlineData("-x")]
    [InlineData("''")]
    [InlineData("A=b")]
    [InlineData("A+=b server")]
    [InlineData("a[0]=b server")]
    [InlineData(">log")]
    [InlineData(">log server")]
    [InlineData("$SERVER --now")]
    [InlineData("\"$VENV/bin/server\"")]
    [InlineData("$(which node) server.js")]
    [InlineData("./s*r")]
    [InlineData("ser\\ver")]
    [InlineData("s{a,b}")]
    [InlineData("server <<END\ntext\nEND")]
    [InlineData("server <<<text")]
    [InlineData("server <(a)")]
    [InlineData("server $'a\\'b' ; c '")]
    [InlineData("server ${X:-'}'} ; a")]
    [InlineData("server $(case a in a) echo b;; esac) ; c")]
    [InlineData("server $(a # )\n) ; b")]
    [InlineData("server \"unclosed")]
    [InlineData("server 'unclosed")]
    [InlineData("server $(unclosed")]
    [InlineData("server \"$(unclosed\"")]
    [InlineData("server `unclosed")]
    [InlineData("server ${unclosed")]
    [InlineData("server \\\nargument")]
    [InlineData("server \\")]
    [InlineData("server )")]
    public void Where_it_is_more_than_that_or_not_certain_the_shell_gets_the_text_as_it_is(string text) => ShellCommand.Of(text).Should().Equal("/bin/sh", "-c", text);

    [Theory]
    [InlineData("node server.js", false)]
    [InlineData("exec node server.js", false)]
    [InlineData("A=b exec node server.js >log", false)]
    [InlineData("cd sub && exec node server.js", false)]
    [InlineData("cd sub; . ./env\nexec node server.js # at last", false)]
    [InlineData("cd sub && node server.js", true)]
    [InlineData("exec node server.js | tee log", true)]
    [InlineData("tail -f log | exec node server.js", true)]
    [InlineData("exec >log; node server.js", true)]
    [InlineData("cd sub; exec >log", true)]
    [InlineData("(exec node server.js)", true)]
    [InlineData("echo exec node", true)]
    [InlineData("exec node server.js &", true)]
    [InlineData("trap x TERM; while :; do sleep 1; done", true)]
    public void A_shell_stays_unless_the_text_ends_with_exec(string text, bool stays) => ShellCommand.HasShell(ShellCommand.Of(text)).Should().Be(stays);

    [Fact]
    public void A_list_has_no_shell_of_ours() => ShellCommand.HasShell(["sh", "server.sh"]).Should().BeFalse();

    [Theory]
    [InlineData("A='x  y' printenv A")]
    [InlineData("A=1 A=2 B=$A printenv A B")]
    [InlineData("PATH=/nowhere:/usr/bin:/bin printenv PATH")]
    [InlineData("PATH=/nowhere printenv PATH")]
    [InlineData("no-such-program --here")]
    [InlineData("/ 2>/dev/null")]
    [InlineData("python3 -c 'import sys\nprint(sys.argv[1:])' \"a  b\" 'c;d' e\\ f $(echo 'g)' \")\") `echo h` ${NO:-i} ~ $((2 * 3)) $# \"$0\" *.none # j")]
    [InlineData("python3 -c 'import os; print(os.environ.get(\"A\")); raise SystemExit(7)' >out 2>&1")]
    [InlineData("cat <out")]
    [InlineData("cat <no-such-file")]
    [InlineData("python3 -c 'import os; os.kill(os.getpid(), 15)'")]
    public async Task The_program_gets_the_same_from_every_shell_with_exec_and_without(string text)
    {
        ShellCommand.WithExec(text).Should().Contain("exec ");

        foreach (var shell in new[] { "sh", "dash", "bash" }.Where(shell => File.Exists($"/bin/{shell}")))
        {
            await File.WriteAllTextAsync(Path.Combine(Fixture.Folder, "out"), "content");
            var without = await RunAsync(shell, text);
            await File.WriteAllTextAsync(Path.Combine(Fixture.Folder, "out"), "content");
            var with = await RunAsync(shell, ShellCommand.WithExec(text));

            with.Should().Be(without, shell);
        }
    }

    private async Task<(string Output, string File, ExitReason Exit)> RunAsync(string shell, string text)
    {
        var (output, exit) = await Fixture.RunAsync(Fixture.Program(shell, "-c", text));
        return (output, await File.ReadAllTextAsync(Path.Combine(Fixture.Folder, "out")), exit.OfProgramUnderShell());
    }
}
