using Supervisor.Tree.Harness;
using static Supervisor.Tree.Configurations;

namespace Supervisor.Tree;

/// <summary>An edited supervisor.json is noticed and told, shown as a difference, and applied where the configuration says so.</summary>
public sealed class ConfigurationChangeSpecs
{
    [Fact]
    public async Task Check_diff_says_what_a_reload_would_do_and_does_nothing()
    {
        await using var tree = TestTree.Create();
        var (web, db) = (new TestService(tree, "web"), new TestService(tree, "db"));
        await StartedAsync(tree, web.Entry(), db.Entry(), """ "old": { "command": ["sleep", "1000"] } """);
        var before = await tree.StatusAsync();

        tree.WriteConfig($$"""
            { "watcher": { "settle": "50ms" }, "services": { {{web.Entry().Replace("**/*.txt", "**/*.md", StringComparison.Ordinal)}},
              {{db.Entry(more: """ "env": { "CHANGED": "1" } """)}}, "late": { "command": ["sleep", "1000"] } } }
            """);
        var checkedDiff = await tree.RunAsync("check", "--diff");

        checkedDiff.ExitCode.Should().Be(0, "{0}", checkedDiff);
        checkedDiff.Output.Should().Contain("+ late: starts").And.Contain("~ db: restarts (env)").And.Contain("~ web: no restart (watch)")
            .And.Contain("- old: stops").And.Contain("~ watcher.settle").And.Contain("\"supervisor reload\" applies it");
        var after = await tree.StatusAsync();
        AreTheSame(before, after, "web", "db", "old");
        after.Watcher.Epoch.Should().Be(before.Watcher.Epoch);
    }

    [Fact]
    public async Task An_edited_file_is_told_in_the_status_until_it_is_applied_or_undone()
    {
        await using var tree = TestTree.Create();
        var (web, db) = (new TestService(tree, "web"), new TestService(tree, "db"));
        await StartedAsync(tree, web.Entry(), db.Entry());
        var before = await tree.StatusAsync();
        await using var client = await tree.ConnectAsync();

        Configure(tree, web.Entry(), db.Entry(more: """ "env": { "CHANGED": "1" } """), """ "late": { "command": ["sleep", "1000"] } """);
        await client.WaitForAsync(board => board.Tree.Change is { Difference: not null }, "the edit is noticed");
        (await StatusLineAsync(tree)).Should().Contain("supervisor.json changed: + late, ~ db (env), web untouched; \"supervisor reload\" applies it; until then the tree runs the earlier configuration");

        Configure(tree, web.Entry(more: """ "prot": 80 """), db.Entry());
        await client.WaitForAsync(board => board.Tree.Change is { Difference: null }, "the mistake is noticed");
        (await StatusLineAsync(tree)).Should().Contain("supervisor.json changed and has 1 mistake: ").And.Contain("services.web.prot");

        Configure(tree, db.Entry(), web.Entry());
        await client.WaitForAsync(board => board.Tree.Change is null, "it is undone");
        AreTheSame(before, await tree.StatusAsync(), "web", "db");

        Configure(tree, web.Entry());
        await client.WaitForAsync(board => board.Tree.Change is not null, "the next edit is noticed");
        (await tree.RunAsync("reload")).ExitCode.Should().Be(0);
        (await tree.StatusAsync()).Tree.Change.Should().BeNull();
        AreTheSame(before, await tree.StatusAsync(), "web");
    }

    [Fact]
    public async Task An_edited_file_is_told_in_the_foreground_and_an_added_service_is_shown()
    {
        await using var tree = TestTree.Create();
        var web = new TestService(tree, "web");
        Configure(tree, web.Entry());
        await using var run = tree.Begin("start");
        await Wait.UntilAsync(() => web.AnswersAsync(), "web serves");

        Configure(tree, web.Entry(), """ "late": { "command": "echo here is late; exec sleep 1000" } """);
        await Wait.UntilAsync(() => run.Output.Contains("supervisor.json changed: + late, web untouched; \"supervisor reload\" applies it", StringComparison.Ordinal), "the edit is told");
        (await tree.RunAsync("reload")).ExitCode.Should().Be(0);

        await Wait.UntilAsync(() => run.Output.Contains("here is late", StringComparison.Ordinal), "the output of the added service is shown");
        (await tree.RunAsync("stop")).ExitCode.Should().Be(0);
        (await run.FinishAsync(Wait.DefaultTimeout)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task With_reload_auto_an_edited_file_is_applied_and_one_with_mistakes_is_not()
    {
        await using var tree = TestTree.Create();
        var (web, db) = (new TestService(tree, "web"), new TestService(tree, "db"));
        tree.WriteConfig($$"""{ "reload": "auto", "services": { {{web.Entry()}}, {{db.Entry()}} } }""");
        await tree.StartAsync();
        var before = await tree.StatusAsync();
        await using var client = await tree.ConnectAsync();

        tree.WriteConfig($$"""{ "reload": "auto", "services": { {{web.Entry()}}, {{db.Entry(more: """ "prot": 80 """)}} } }""");
        await client.WaitForAsync(board => board.Tree.Change is { Difference: null }, "the mistake is told");
        AreTheSame(before, await tree.StatusAsync(), "web", "db");
        tree.WriteConfig($$"""{ "reload": "auto", "services": { {{web.Entry()}}, "late": { "command": ["sleep", "1000"] } } }""");

        await client.WaitForAsync(
            board => board.Services.Select(service => service.Name).SequenceEqual(["web", "late"], StringComparer.Ordinal) && board.Services[1].State == ServicePhase.Running && board.Tree.Change is null,
            "it is applied");
        AreTheSame(before, await tree.StatusAsync(), "web");
    }

    private static async Task<string> StatusLineAsync(TestTree tree) => (await tree.RunAsync("status")).Output.Replace("\n  ", " ", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
