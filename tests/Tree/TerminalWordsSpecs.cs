using System.Text.RegularExpressions;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>What a foreground run says in a terminal, in which colours and in which order.</summary>
public sealed class TerminalWordsSpecs
{
    private const string Green = "\e[32m";
    private const string Yellow = "\e[33m";
    private const string BoldRed = "\e[1;31m";

    private static readonly string Time = @"\d\d:\d\d:\d\d";

    [NeedsFact("/usr/bin/python3")]
    public async Task A_reload_is_one_line_when_it_is_done_and_a_refusal_shows_in_red_what_the_tool_said()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry(more: $$""" "validate": { "command": ["/bin/sh", "-c", "echo looking; ! grep -H bad *.txt"] } """)}} } }""");
        app.Save("page.txt", "good");
        await tree.WaitForOlderTimestampsAsync();
        await using var terminal = tree.OpenColouredTerminal("start");
        await terminal.ShownAsync("1 ready in");

        app.Save("page.txt", "better");
        await terminal.ShownAsync("reloaded");
        app.Save("page.txt", "bad");
        await terminal.ShownAsync("refused");
        await terminal.ShownAsync("  page.txt:bad");
        await terminal.EndAsync();

        var lines = Lines(terminal);
        lines.Should().ContainSingle(line => line.Contains("reloaded", StringComparison.Ordinal))
            .Which.Should().MatchRegex(Regex.Escape(Yellow) + @"✓ reloaded in \d+\.\d+ s( \(.*\))?  app/page\.txt");
        lines.Should().ContainSingle(line => line.Contains(BoldRed, StringComparison.Ordinal)).Which.Should()
            .MatchRegex(Regex.Escape(BoldRed) + @"✗ refused: page\.txt:bad \(the old code serves\)");
        lines.Should().ContainSingle(line => line.EndsWith("\e[0m            looking", StringComparison.Ordinal), "the tool's text has normal weight");
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task The_start_is_told_before_the_first_output_and_summed_up_after_the_last_service_with_what_is_down()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""
            { "services": { {{app.Entry("--print early")}}, "broken": { "command": ["/no/such/program"] },
              "worker": { "command": "echo at work; echo oops >&2; exec sleep 1000", "dependsOn": { "app": "ready" } } } }
            """);
        await using var terminal = tree.OpenColouredTerminal("start");
        await terminal.ShownAsync("2 of 3 ready in");
        await terminal.ShownAsync("oops");
        await terminal.EndAsync();

        var lines = Lines(terminal);
        Position(lines, "app .*started").Should().BeLessThan(Position(lines, "app .*early"));
        Position(lines, "worker .*started").Should().BeLessThan(Position(lines, "worker .*at work"));
        Position(lines, "worker .*started").Should().BeLessThan(Position(lines, "2 of 3 ready"));
        Position(lines, Regex.Escape(Green) + "✓ ready in").Should().BeLessThan(Position(lines, "2 of 3 ready"));
        lines[Position(lines, "2 of 3 ready")].Should()
            .MatchRegex($"supervisor.*{Time}.*{Regex.Escape(Yellow)}2 of 3 ready in .* · {Regex.Escape(BoldRed)}broken: blocked: \"The program /no/such/program .* · app {app.Address.GetLeftPart(UriPartial.Authority)}");
        lines[Position(lines, "✗ blocked")].Should().Contain(BoldRed).And.MatchRegex(Time);
        lines[Position(lines, "oops")].Should().Contain($"{Yellow}!\e[0m oops", "standard error is set apart");
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task Quiet_leaves_out_what_services_print_and_timestamps_begin_every_line()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "talker": { "command": "echo talks; exec sleep 1000" } } }""");

        await using (var quiet = tree.OpenTerminal("start", "--quiet"))
        {
            await quiet.ShownAsync("1 ready in");
            await quiet.EndAsync();
            quiet.Output.Should().Contain("✓ started").And.NotContain("talks");
        }

        await using var stamped = tree.OpenTerminal("start", "--timestamps");
        await stamped.ShownAsync("talks");
        await stamped.EndAsync();
        Lines(stamped).Single(line => line.Contains("talks", StringComparison.Ordinal)).Should().MatchRegex($@"talker +{Time}\.\d\d\d \| talks");
    }

    [Fact]
    public async Task Colours_can_be_forced_into_a_pipe()
    {
        await using var tree = TestTree.Create();
        (tree["NO_COLOR"], tree["FORCE_COLOR"]) = (null, "1");
        tree.WriteConfig("""{ "services": { "idle": { "command": ["sleep", "1000"] } } }""");
        await tree.StartAsync();

        (await tree.RunAsync("status")).Output.Should().Contain($"{Green}running");
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_server_colours_its_lines_but_cannot_change_the_terminal_for_others()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "wiper": {
                "command": "printf '\\033[2J\\033[H\\033[?1049h\\033]0;mine\\007cleared\\n\\033[31mred\\033[0m\\n10 %%\\r100 %%\\nover\\n'; exec sleep 1000" } } }
            """);

        await using (var terminal = tree.OpenColouredTerminal("start"))
        {
            await terminal.ShownAsync("over");
            terminal.Output.Should().Contain("\e[31mred\e[0m").And.MatchRegex("wiper.*cleared").And.Contain(" 100 %")
                .And.NotContain("\e[2J").And.NotContain("\e[?1049h").And.NotContain("mine");
            await terminal.EndAsync();
        }

        (await tree.RunAsync("logs", "wiper")).Output.Should().Contain("\e[2J\e[H\e[?1049h\e]0;mine\acleared", "a file gets what the server wrote");
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_question_without_an_end_of_line_is_shown_and_the_log_has_the_line_once_it_has_ended()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "asker": {
                "command": "printf 'Really? '; while [ ! -e go ]; do sleep 0.05; done; echo yes; exec sleep 1000", "ready": { "log": "^Really. yes$" } } } }
            """);
        await using var terminal = tree.OpenTerminal("start");
        await terminal.ShownAsync("Really? ");

        tree.Write("go", "");
        await terminal.ShownAsync("1 ready in");

        (await tree.RunAsync("logs", "asker")).Output.Should().MatchRegex(@"asker +\| Really\? yes\n");
        await terminal.EndAsync();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_dependant_that_has_to_wait_says_for_what()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "slow": { "command": "until [ -e go ]; do sleep 0.05; done; echo LISTENING; exec sleep 1000", "ready": { "log": "LISTENING" } },
              "late": { "command": "exec sleep 1000", "dependsOn": { "slow": "ready" } } } }
            """);
        await using var terminal = tree.OpenTerminal("start");
        (await terminal.LineShownAsync("pending: waits for slow")).Should().StartWith("late ");
        tree.Write("go", "");

        await terminal.ShownAsync("2 ready in");
        await terminal.EndAsync();
    }

    [Fact]
    public async Task A_start_in_the_background_that_takes_longer_says_what_it_waits_for()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "slow": { "command": "until [ -e go ]; do sleep 0.05; done; echo LISTENING; exec sleep 1000", "ready": { "log": "LISTENING" } },
              "late": { "command": "exec sleep 1000", "dependsOn": { "slow": "ready" } } } }
            """);

        await using var starting = tree.Begin("start", "-d");
        await Wait.UntilAsync(() => Regex.IsMatch(starting.Errors, @"waiting for slow \(starting.*\), late \(pending: waits for slow.*\)"), "it says what it waits for");
        tree.Write("go", "");
        var started = await starting.FinishAsync(Wait.DefaultTimeout);

        started.ExitCode.Should().Be((int)ExitCode.Ok, "{0}", started);
        started.Output.Should().Contain("slow is up").And.NotContain("waiting for");
    }

    [Fact]
    public async Task A_stop_that_takes_longer_says_what_it_waits_for()
    {
        await using var tree = TestTree.Create();
        var deaf = new TestService(tree, "deaf");
        tree.WriteConfig($$"""{ "services": { {{deaf.Entry("--ignore-sigterm", """ "stop": { "grace": "100s" } """)}} } }""");
        await tree.StartAsync();
        var pid = (await tree.StatusAsync()).Service("deaf").Pid;

        await using var stopping = tree.Begin("stop");
        await Wait.UntilAsync(() => stopping.Errors.Contains($"waiting for deaf (pid {pid})", StringComparison.Ordinal), "it says what it waits for");

        (await tree.RunAsync("stop", "--now")).ExitCode.Should().Be((int)ExitCode.Ok);
        (await stopping.FinishAsync(Wait.DefaultTimeout)).ExitCode.Should().Be((int)ExitCode.Ok);
    }

    private static string[] Lines(Command terminal) => [.. terminal.Output.Split('\n').Select(line => line.TrimEnd('\r'))];

    private static int Position(string[] lines, string pattern)
    {
        var position = Array.FindIndex(lines, line => Regex.IsMatch(line, pattern));
        position.Should().BeGreaterThanOrEqualTo(0, "a line matches {0} in\n{1}", pattern, string.Join('\n', lines));
        return position;
    }
}
