using System.Text.Json;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary><c>supervisor env</c>: what a server gets, and from where.</summary>
public sealed class EnvCommandSpecs
{
    [Fact]
    public async Task It_shows_what_the_server_really_has_with_the_source_of_each_variable()
    {
        await using var tree = TestTree.Create();
        var port = TestTree.FreePort();
        tree["FROM_SHELL"] = "shell";
        tree["OVERRIDDEN"] = "shell";
        tree.Write(".env", "FROM_GLOBAL_FILE=1\nOVERRIDDEN=global file\n");
        tree.Write("web.env", "FROM_FILE=1\nOVERRIDDEN=file\n");
        tree.WriteConfig(
            $$"""
            {
              "envFile": ".env", "env": { "FROM_GLOBAL": "${FROM_SHELL}", "OVERRIDDEN": "global" },
              "services": { "web": {
                "command": ["/bin/sh", "-c", "cat /proc/$$/environ > seen; exec sleep 1000"], "port": {{port}},
                "envFile": "web.env", "env": { "OVERRIDDEN": "${OVERRIDDEN}, then own" }
              } }
            }
            """);
        await tree.StartAsync();
        tree["FROM_SHELL"] = "another shell";

        var shown = await tree.RunAsync("env", "web");
        var report = JsonDocument.Parse((await tree.RunAsync("env", "web", "--json")).Output).RootElement;

        shown.ExitCode.Should().Be(0, "{0}", shown);
        Line(shown, "FROM_SHELL=shell").Should().StartWith("shell ");
        Line(shown, "FROM_GLOBAL_FILE=1").Should().StartWith("global envFile .env ");
        Line(shown, "FROM_GLOBAL=shell").Should().StartWith("global env ");
        Line(shown, "FROM_FILE=1").Should().StartWith("envFile web.env ");
        Line(shown, "OVERRIDDEN=file, then own").Should().StartWith("env (over envFile web.env, global env, global envFile .env, shell) ");
        Line(shown, $"PORT={port}").Should().StartWith("supervisor ");
        report.GetProperty("running").GetBoolean().Should().BeTrue();

        var seen = Path.Combine(tree.Project, "seen");
        await Wait.UntilAsync(() => File.Exists(seen) && File.ReadAllText(seen).EndsWith('\0'), "the server has written its environment");
        report.GetProperty("variables").EnumerateArray().Select(it => $"{it.GetProperty("name")}={it.GetProperty("value")}")
            .Should().BeEquivalentTo(File.ReadAllText(seen).Split('\0', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task It_works_without_a_tree_and_knows_no_other_service()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "command": "exec sleep 1000", "env": { "A": "1" } } } }""");

        var shown = await tree.RunAsync("env", "web");
        var unknown = await tree.RunAsync("env", "wbe");

        Line(shown, "A=1").Should().StartWith("env ");
        unknown.ExitCode.Should().Be((int)ExitCode.NoSuchService);
        unknown.Errors.Should().StartWith("Unknown service \"wbe\"; did you mean \"web\"?");
    }

    [Fact]
    public async Task A_variable_that_is_not_set_stops_the_start_with_its_place()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(
            """
            { "services": { "web": {
                "command": ["sleep", "${SV_NO_SUCH}"]
            } } }
            """);

        var checkedFile = await tree.RunAsync("check");
        var started = await tree.RunAsync("start", "-d");

        checkedFile.ExitCode.Should().Be((int)ExitCode.BadConfig);
        checkedFile.Errors.Should().Contain("supervisor.json:2:26: services.web.command[1]: \"${SV_NO_SUCH}\" uses ${SV_NO_SUCH}, which is not set");
        started.ExitCode.Should().Be((int)ExitCode.BadConfig, "{0}", started);
    }

    private static string Line(CommandResult shown, string variable) =>
        shown.Output.Split('\n').Should().ContainSingle(line => line.EndsWith("  " + variable), "{0}", shown).Subject;
}
