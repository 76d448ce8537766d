using System.Text.Json.Nodes;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary><c>--json</c>: one document on standard output, with the exit code of the command, also when it fails.</summary>
public sealed class JsonSpecs
{
    private const string Config = """
        { "groups": { "all": ["web", "task"] },
          "services": { "web": { "command": ["sh", "-c", "exec sleep 1000"], "watch": {} }, "task": { "kind": "task", "command": ["sh", "-c", "exit 3"], "autostart": false } } }
        """;

    [Fact]
    public async Task Each_command_of_a_running_tree_answers_with_one_document_in_the_shapes_of_the_pipe()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Config);

        var started = await AnswerAsync(tree, 0, "start", "-d", "--json");
        Text(started["services"]![0]!, "service").Should().Be("web");
        started["services"]![0]!["succeeded"]!.GetValue<bool>().Should().BeTrue();
        Text(started["services"]![0]!["status"]!, "state").Should().Be("running");

        Text((await AnswerAsync(tree, 0, "wait", "web", "--json")), "result").Should().Be("ok");
        var restarted = await AnswerAsync(tree, 0, "restart", "web", "--json");
        restarted["services"]![0]!["status"]!["generation"]!.GetValue<int>().Should().Be(2);

        var why = await AnswerAsync(tree, 0, "why", "web", "--json", "-n", "1");
        Text(why, "service").Should().Be("web");
        Text(why["entries"]![0]!, "cause").Should().Be("manual");

        var failed = await AnswerAsync(tree, 1, "start", "task", "--json");
        failed["services"]!.AsArray().Single(it => Text(it!, "service") == "task")!["succeeded"]!.GetValue<bool>().Should().BeFalse();
        Text(await AnswerAsync(tree, 3, "wait", "task", "--for", "completed", "--json"), "result").Should().Be("failed");

        Text(await AnswerAsync(tree, 0, "hold", "--json", "build"), "name").Should().Be("build");
        Text((await AnswerAsync(tree, 0, "release", "--json"))["holds"]![0]!, "name").Should().Be("build");
        (await AnswerAsync(tree, 0, "flush", "--json"))["services"].Should().NotBeNull();

        tree.WriteConfig(Config.Replace("1000", "2000", StringComparison.Ordinal));
        await Wait.UntilAsync(async () => (await AnswerAsync(tree, 0, "check", "--diff", "--json"))["difference"]!["changed"]!.AsArray().Count == 1, "the difference is told");
        var reloaded = await AnswerAsync(tree, 0, "reload", "--json");
        Text(reloaded["difference"]!["changed"]![0]!, "service").Should().Be("web");
        Text(reloaded["services"]![0]!, "service").Should().Be("web");

        (await AnswerAsync(tree, 0, "stop", "web", "--json"))["services"]![0]!["succeeded"]!.GetValue<bool>().Should().BeTrue();
        (await AnswerAsync(tree, 0, "stop", "--json"))["services"].Should().NotBeNull();
    }

    [Fact]
    public async Task A_failure_is_a_document_too_and_a_person_still_reads_it()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Config);

        foreach (var arguments in new[] { new[] { "stop" }, ["restart", "web"], ["wait", "web"], ["flush"], ["reload"], ["release"] })
        {
            var error = (await AnswerAsync(tree, (int)ExitCode.NotRunning, [.. arguments, "--json"]))["error"]!;
            error["exitCode"]!.GetValue<int>().Should().Be((int)ExitCode.NotRunning);
            Text(error, "message").Should().Contain("No tree is running");
        }

        var foreground = await tree.RunAsync("start", "--json");
        foreground.ExitCode.Should().Be((int)ExitCode.BadUsage);
        foreground.Errors.Should().Contain("add -d");
    }

    [Fact]
    public async Task Check_names_services_groups_and_warnings_or_each_mistake()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Config.Replace("\"watch\": {}", "\"cwd\": \"gone\"", StringComparison.Ordinal));

        var good = await AnswerAsync(tree, 0, "check", "--json");
        good["services"]!.AsArray().Select(it => (string?)it).Should().Equal("web", "task");
        good["groups"]!["all"]!.AsArray().Select(it => (string?)it).Should().Equal("web", "task");
        good["warnings"]!.AsArray().Select(it => (string?)it).Should().ContainSingle().Which.Should().Contain("gone");

        tree.WriteConfig("""{ "services": { "web": { "comand": "x" } } }""");
        var error = (await AnswerAsync(tree, (int)ExitCode.BadConfig, "check", "--json"))["error"]!;
        error["details"]!.AsArray().Select(it => (string?)it).Should().Contain(line => line!.Contains("services.web.comand", StringComparison.Ordinal));
    }

    private static async Task<JsonNode> AnswerAsync(TestTree tree, int exitCode, params string[] arguments)
    {
        var result = await tree.RunAsync(arguments);
        result.ExitCode.Should().Be(exitCode, "{0}: {1}", string.Join(' ', arguments), result);
        return JsonNode.Parse(result.Output)!;
    }

    private static string? Text(JsonNode node, string member) => (string?)node[member];
}
