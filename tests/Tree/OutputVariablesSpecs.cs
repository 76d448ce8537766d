using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>What a server is told about where its output goes.</summary>
public sealed class OutputVariablesSpecs
{
    private const string Says = "echo said PYTHONUNBUFFERED=$PYTHONUNBUFFERED FORCE_COLOR=$FORCE_COLOR CLICOLOR_FORCE=$CLICOLOR_FORCE COLUMNS=$COLUMNS.; exec sleep 1000";

    [NeedsFact("/usr/bin/python3")]
    public async Task What_python_prints_is_seen_while_it_runs()
    {
        await using var tree = Create(Says);
        tree.Write("loop.py", "import time\nprint('at work')\ntime.sleep(1000)\n");
        tree.WriteConfig("""{ "services": { "web": { "command": ["/usr/bin/python3", "loop.py"], "ready": { "log": "at work", "timeout": "20s" } } } }""");

        await tree.StartAsync();

        Line(await tree.RunAsync("env", "web"), "PYTHONUNBUFFERED=1").Should().StartWith("supervisor ");
    }

    [Theory]
    [InlineData("0", "", "shell ")]
    [InlineData(null, "0", "env ")]
    public async Task What_the_user_sets_stays(string? inShell, string inConfiguration, string source)
    {
        await using var tree = Create(Says, inConfiguration.Length == 0 ? "" : $"\"env\": {{ \"PYTHONUNBUFFERED\": \"{inConfiguration}\" }},");
        tree["PYTHONUNBUFFERED"] = inShell;
        await tree.StartAsync();

        (await tree.RunAsync("logs", "web")).Output.Should().Contain("said PYTHONUNBUFFERED=0 ");
        Line(await tree.RunAsync("env", "web"), "PYTHONUNBUFFERED=0").Should().StartWith(source);
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task In_a_terminal_with_colours_a_server_is_told_to_use_them_and_how_wide_a_line_is()
    {
        await using var tree = Create(Says);
        (tree["NO_COLOR"], tree["TERM"]) = (null, "xterm-256color");
        await using var terminal = tree.OpenTerminalAfter("stty cols 100 rows 24", "start");

        // The name of the service, and the mark, take 13 cells.
        await terminal.ShownAsync("said PYTHONUNBUFFERED=1 FORCE_COLOR=1 CLICOLOR_FORCE=1 COLUMNS=87.");

        var shown = await tree.RunAsync("env", "web");
        Line(shown, "FORCE_COLOR=1").Should().StartWith("supervisor ");
        Line(shown, "COLUMNS=87").Should().StartWith("supervisor ");
        await terminal.EndAsync();
    }

    [NeedsTheory("/usr/bin/python3")]
    [InlineData("NO_COLOR", "FORCE_COLOR= CLICOLOR_FORCE= ")]
    [InlineData("FORCE_COLOR", "FORCE_COLOR=1 CLICOLOR_FORCE= ")]
    public async Task Who_has_decided_about_colours_is_not_overruled(string variable, string said)
    {
        await using var tree = Create(Says);
        (tree["NO_COLOR"], tree["TERM"], tree[variable]) = (null, "xterm-256color", "1");
        await using var terminal = tree.OpenTerminal("start");

        await terminal.ShownAsync($"said PYTHONUNBUFFERED=1 {said}");
        await terminal.EndAsync();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_service_that_wants_no_colours_gets_none()
    {
        await using var tree = Create(Says, """ "env": { "NO_COLOR": "1" }, """);
        (tree["NO_COLOR"], tree["TERM"]) = (null, "xterm-256color");
        await using var terminal = tree.OpenTerminal("start");

        await terminal.ShownAsync("said PYTHONUNBUFFERED=1 FORCE_COLOR= CLICOLOR_FORCE= ");
        await terminal.EndAsync();
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_line_with_colours_is_ready_by_its_text()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "vite": { "command": "printf '\\033[1mLocal\\033[22m:   up\\n'; exec sleep 1000", "ready": { "log": "Local: +up", "timeout": "20s" }, "restart": { "policy": "never" } } } }""");

        await tree.StartAsync();

        (await tree.StatusAsync()).Service("vite").State.Should().Be(ServicePhase.Ready);
    }

    [Fact]
    public async Task Without_a_terminal_nothing_is_said_about_colours()
    {
        await using var tree = Create(Says);
        tree["NO_COLOR"] = null;
        await tree.StartAsync();

        (await tree.RunAsync("logs", "web")).Output.Should().Contain("said PYTHONUNBUFFERED=1 FORCE_COLOR= CLICOLOR_FORCE= COLUMNS=.");
    }

    private static TestTree Create(string command, string more = "")
    {
        var tree = TestTree.Create();

        foreach (var variable in new[] { "PYTHONUNBUFFERED", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS" })
            tree[variable] = null;

        tree.WriteConfig($$"""{ "services": { "web": { {{more}} "command": "{{command}}", "ready": { "log": "said" } } } }""");
        return tree;
    }

    private static string Line(CommandResult shown, string variable) =>
        shown.Output.Split('\n').Should().ContainSingle(line => line.EndsWith("  " + variable), "{0}", shown).Subject;
}
