using System.Text.Json.Nodes;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary><c>list</c> and <c>ports</c>, with and without a tree.</summary>
public sealed class ListSpecs
{
    [Fact]
    public async Task List_gives_names_for_scripts_and_all_gives_the_trees_that_run()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "command": ["sleep", "1000"] }, "db": { "command": ["sleep", "1000"] } }, "groups": { "all": ["web", "db"] } }""");
        (await tree.RunAsync("list")).Output.Should().Be("web\ndb\n");
        (await tree.RunAsync("list", "--all")).Errors.Should().Contain("No tree of this user runs.");

        await tree.StartAsync();
        var other = tree.Write("elsewhere/supervisor.json", """{ "services": { "alone": { "command": ["sleep", "1000"] } } }""");
        (await tree.RunAsync("start", "-d", "--file", other)).ExitCode.Should().Be(0);

        var parent = (await tree.StatusAsync()).Tree.ParentPid;
        var all = await tree.RunAsync("ls", "--all");
        all.Output.Should().MatchRegex($"project/supervisor.json +{parent} +web, db").And.MatchRegex("elsewhere/supervisor.json +[0-9]+ +alone");
        var trees = JsonNode.Parse((await tree.RunAsync("list", "--all", "--json")).Output)!["trees"]!.AsArray();
        trees.Should().HaveCount(2);
        trees.Single(found => (int?)found!["parentPid"] == parent)!["services"]!.AsArray().Select(name => (string?)name).Should().Equal("web", "db");
        var names = JsonNode.Parse((await tree.RunAsync("list", "--json")).Output)!;
        ((bool?)names["running"], (string?)names["groups"]!["all"]![1]).Should().Be((true, "db"));

        // A parent that hangs is listed, and says nothing.
        using (new StoppedProcess(parent))
            (await tree.RunAsync("list", "--all")).Output.Should().MatchRegex("does not answer +db, web|does not answer +web, db").And.Contain("elsewhere/supervisor.json");

        (await tree.RunAsync("stop", "--file", other)).ExitCode.Should().Be(0);
        (await tree.RunAsync("list", "--all")).Output.Should().NotContain("elsewhere");
    }

    [Fact]
    public async Task Ports_shows_what_is_configured_and_where_each_service_listens()
    {
        await using var tree = TestTree.Create();
        var port = TestTree.FreePort();
        tree.WriteConfig($$"""
            { "services": {
                "web": { "command": ["/usr/bin/python3", "-m", "http.server", "{{port}}", "--bind", "127.0.0.1"], "port": {{port}}, "ready": { "tcp": "127.0.0.1:{{port}}" } },
                "worker": { "command": ["sleep", "1000"] } } }
            """);
        var before = await tree.RunAsync("ports");
        before.Output.Should().MatchRegex($"web +{port}");
        before.Errors.Should().Contain("No tree is running");

        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var web = (await control.WaitForAsync(board => board.Service("web").Ports.Contains(port), "its port is on the board")).Service("web");

        (await tree.RunAsync("ports")).Output.Should().MatchRegex($"web +{port} +{port} +{web.Pid}").And.Contain("worker");
        var shown = JsonNode.Parse((await tree.RunAsync("ports", "web", "--json")).Output)!["ports"]!.AsArray().Should().ContainSingle().Subject!;
        ((int?)shown["configured"], (int?)shown["listening"]![0], (int?)shown["pid"]).Should().Be((port, port, web.Pid));
        (await tree.RunAsync("ports", "wbe")).ExitCode.Should().Be(4);
    }
}
