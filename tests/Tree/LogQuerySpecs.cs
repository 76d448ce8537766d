using System.Text.Json.Nodes;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Which lines of the output are asked for: by server, by severity, by change, from a cursor on.</summary>
public sealed class LogQuerySpecs
{
    private const string Config = """
        { "services": { "app": { "command": ["sh", "app.sh"], "watch": {} }, "other": { "command": ["sh", "-c", "echo ERROR: of other >&2; exec sleep 1000"] } } }
        """;

    [Fact]
    public async Task Each_server_s_output_is_found_by_its_generation_and_what_followed_the_last_change_too()
    {
        await using var tree = TestTree.Create();
        await using var control = await StartTwiceAsync(tree);

        (await LinesAsync(tree, "app", "--generation", "1", "--stderr")).Should().Equal("WARNING: one");
        (await LinesAsync(tree, "app", "--generation", "previous", "--level", "error")).Should().Equal("ERROR: one", "  at one");
        (await LinesAsync(tree, "app", "--generation", "current", "--level", "error")).Should().Equal("ERROR: two", "  at two");
        (await LinesAsync(tree, "app", "--since", "last-change", "--level", "error")).Should().Equal("ERROR: two", "  at two");

        var none = await tree.RunAsync("logs", "app", "--generation", "7");
        none.ExitCode.Should().Be(0);
        none.Errors.Should().Contain("app has no generation 7; its ledger has 1 to 2");
        (await tree.RunAsync("logs", "other", "--since", "last-change")).Errors.Should().Contain("other has not reacted to a saved file");

        (await tree.RunAsync("stop")).ExitCode.Should().Be(0);
        (await LinesAsync(tree, "app", "--generation", "current", "--level", "error")).Should().Equal("ERROR: two", "  at two");
    }

    [Fact]
    public async Task Errors_are_those_of_the_servers_that_run_now_and_none_is_said()
    {
        await using var tree = TestTree.Create();
        await using var control = await StartTwiceAsync(tree);

        var errors = await tree.RunAsync("errors");

        errors.ExitCode.Should().Be(0);
        errors.Output.Should().Contain("ERROR: two").And.Contain("ERROR: of other").And.NotContain("one").And.NotContain("served");
        JsonNode.Parse((await tree.RunAsync("errors", "other", "--json")).Output)!["text"]!.GetValue<string>().Should().Be("ERROR: of other");

        (await tree.RunAsync("restart", "other")).ExitCode.Should().Be(0);
        tree.Write("app.sh", "echo served; exec sleep 1000\n");
        await control.WaitForAsync(board => board.Service("app") is { State: ServicePhase.Running, Generation: 3 }, "it is reloaded");
        await Wait.UntilAsync(async () => (await tree.RunAsync("logs", "app", "--generation", "3")).Output.Contains("served", StringComparison.Ordinal), "it has printed");
        (await tree.RunAsync("errors", "app")).Output.Should().Be("No error lines of app since the last start.\n");
    }

    [Fact]
    public async Task Json_has_all_that_is_known_of_a_line_and_its_cursor_goes_on_behind_it_in_a_later_tree_too()
    {
        await using var tree = TestTree.Create();
        await using var control = await StartTwiceAsync(tree);

        var lines = await JsonAsync(tree, "logs", "app", "--json");
        var error = lines.Single(line => Text(line) == "ERROR: two");
        error["service"]!.GetValue<string>().Should().Be("app");
        error["generation"]!.GetValue<int>().Should().Be(2);
        error["stream"]!.GetValue<string>().Should().Be("stdout");
        error["level"]!.GetValue<string>().Should().Be("error");
        error["at"]!.GetValue<DateTimeOffset>().Should().BeAfter(DateTimeOffset.UtcNow.AddMinutes(-10));
        lines.Single(line => Text(line) == "served two")["level"].Should().BeNull();
        lines.Should().Contain(line => line["stream"]!.GetValue<string>() == "host");

        for (var i = 0; i < lines.Count; i++)
            (await JsonAsync(tree, "logs", "app", "--json", "--after", Cursor(lines[i]))).Select(Text).Should().Equal(lines.Skip(i + 1).Select(Text), "behind line {0}", i);

        var all = await tree.RunAsync("logs", "--show-cursor");
        (await tree.RunAsync("stop")).ExitCode.Should().Be(0);
        await tree.StartAsync();
        var later = await JsonAsync(tree, "logs", "--json", "--after", all.Errors.Trim());
        later.Select(Text).Should().Contain("served two").And.Contain("ERROR: of other");
        later.Select(line => line["at"]!.GetValue<DateTimeOffset>()).Min().Should().BeAfter(lines[^1]["at"]!.GetValue<DateTimeOffset>());
    }

    [Fact]
    public async Task A_cursor_within_a_burst_of_lines_that_share_their_time_goes_on_behind_its_line()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "app": { "command": "seq 1 4000; exec sleep 1000" } } }""");
        await tree.StartAsync();
        await Wait.UntilAsync(async () => (await tree.RunAsync("logs", "app", "-n", "3")).Output.Contains("| 4000", StringComparison.Ordinal), "it has printed");

        var newest = await JsonAsync(tree, "logs", "app", "--json", "-n", "5");

        (await JsonAsync(tree, "logs", "app", "--json", "--after", Cursor(newest[0]))).Select(Text).Should().Equal(newest.Skip(1).Select(Text));
    }

    [Fact]
    public async Task A_follower_gets_json_and_severities_and_goes_on_from_a_cursor()
    {
        await using var tree = TestTree.Create();
        await using var control = await StartTwiceAsync(tree);
        var cursor = Cursor((await JsonAsync(tree, "logs", "app", "--json"))[^1]);
        await using var json = tree.Begin("logs", "app", "-f", "--json", "--after", cursor);
        await using var errors = tree.Begin("logs", "app", "-f", "--level", "error", "-n", "0");

        tree.Write("app.sh", "echo served three; echo ERROR: three; echo '  at three'; exec sleep 1000\n");
        await Wait.UntilAsync(() => json.Output.Contains("at three", StringComparison.Ordinal) && errors.Output.Contains("at three", StringComparison.Ordinal), "both have followed");

        var followed = json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        followed.Where(line => line["stream"]!.GetValue<string>() == "stdout").Select(Text).Should().Equal("served three", "ERROR: three", "  at three");
        followed.Single(line => Text(line) == "  at three")["level"]!.GetValue<string>().Should().Be("error");
        errors.Output.Should().NotContain("served three");

        var seen = followed.Single(line => Text(line) == "ERROR: three");
        (await JsonAsync(tree, "logs", "app", "--json", "--after", Cursor(seen))).Where(line => line["stream"]!.GetValue<string>() == "stdout").Select(Text).Should().Equal("  at three");
    }

    [Fact]
    public async Task A_follower_of_a_service_that_has_not_changed_yet_shows_what_it_prints_from_now_on()
    {
        await using var tree = TestTree.Create();
        tree.Write("app.sh", "echo one; exec sleep 1000\n");
        tree.WriteConfig("""{ "services": { "app": { "command": ["sh", "app.sh"], "watch": {} } } }""");
        await tree.StartAsync();
        await Wait.UntilAsync(async () => (await tree.RunAsync("logs", "app")).Output.Contains("one", StringComparison.Ordinal), "it has printed");
        await using var followed = tree.Begin("logs", "app", "-f", "--since", "last-change");
        await Wait.UntilAsync(() => followed.Errors.Contains("app has not reacted to a saved file", StringComparison.Ordinal), "that is said");

        tree.Write("app.sh", "echo two; exec sleep 1000\n");

        await Wait.UntilAsync(() => followed.Output.Contains("| two", StringComparison.Ordinal), "it has followed");
        followed.Output.Should().NotContain("| one");
        followed.Errors.Should().NotContain("has stopped");
    }

    [Fact]
    public async Task Log_files_rotate_as_configured()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "flood": { "command": "yes 0123456789 | head -c 2000000; exec sleep 1000", "logs": { "rotateAt": "100KB", "files": 3 } } } }""");
        await tree.StartAsync();

        await Wait.UntilAsync(() => File.Exists(Log(".2")), "there are three files");
        await Wait.UntilAsync(async () => (await tree.RunAsync("logs", "flood", "-n", "5")).Output.Contains("0123456789", StringComparison.Ordinal), "it has printed");

        File.Exists(Log(".3")).Should().BeFalse();
        new FileInfo(Log(".1")).Length.Should().BeLessThan(300_000);

        string Log(string suffix) => Directory.EnumerateFiles(tree.StateBase, "flood.log", SearchOption.AllDirectories).FirstOrDefault() + suffix;
    }

    [Theory]
    [InlineData("--generation must be current, previous, or a number", "--generation", "last")]
    [InlineData("Only --generation current can be followed", "--generation", "1", "-f")]
    [InlineData("--after must be a cursor", "--after", "yesterday")]
    [InlineData("--after has two cursors of app", "--after", "app@2026-01-31T12:00:00.000000Z+1,app@2026-01-31T12:00:00.000000Z+2")]
    [InlineData("last-change", "--since", "last-changes")]
    [InlineData("loud", "--level", "loud")]
    public async Task A_misuse_is_refused(string message, params string[] options)
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Config);

        var refused = await tree.RunAsync(["logs", .. options]);

        refused.ExitCode.Should().Be((int)ExitCode.BadUsage, "{0}", refused);
        refused.Errors.Should().Contain(message);
    }

    private static async Task<ControlClient> StartTwiceAsync(TestTree tree)
    {
        tree.Write("app.sh", "echo served one; echo ERROR: one; echo '  at one'; echo WARNING: one >&2; exec sleep 1000\n");
        tree.WriteConfig(Config);
        await tree.StartAsync();
        var control = await tree.ConnectAsync();
        await PrintedAsync("WARNING: one");
        tree.Write("app.sh", "echo served two; echo ERROR: two; echo '  at two'; exec sleep 1000\n");
        await control.WaitForAsync(board => board.Service("app") is { State: ServicePhase.Running, Generation: 2 }, "it is reloaded");
        await PrintedAsync("at two");
        await Wait.UntilAsync(async () => (await tree.RunAsync("logs", "app")).Output.Contains("✓ reloaded", StringComparison.Ordinal), "the reload is told");
        return control;

        Task PrintedAsync(string text) => Wait.UntilAsync(async () => (await tree.RunAsync("logs", "app")).Output.Contains(text, StringComparison.Ordinal), "it has printed");
    }

    private static async Task<string[]> LinesAsync(TestTree tree, string service, params string[] options)
    {
        var result = await tree.RunAsync(["logs", service, .. options]);
        result.ExitCode.Should().Be(0, "{0}", result);
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(line.IndexOfAny(['|', '!']) + 2)..])];
    }

    private static async Task<List<JsonNode>> JsonAsync(TestTree tree, params string[] arguments)
    {
        var result = await tree.RunAsync(arguments);
        result.ExitCode.Should().Be(0, "{0}", result);
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static string Text(JsonNode line) => line["text"]!.GetValue<string>();

    private static string Cursor(JsonNode line) => line["cursor"]!.GetValue<string>();
}
