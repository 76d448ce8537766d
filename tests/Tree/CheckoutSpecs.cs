using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Checkouts inside the checkout that a service runs from, made by git itself.</summary>
public sealed class CheckoutSpecs
{
    [NeedsFact("git")]
    public async Task A_save_in_a_worktree_reloads_nothing_and_one_beside_it_does()
    {
        await using var tree = TestTree.Create();
        var app = await RepositoryAsync(tree, "app");
        await GitAsync(tree, "app", "worktree", "add", "-q", ".worktrees/a");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();

        app.Save(".worktrees/a/page.txt", "of the worktree");
        app.Save(".worktrees/a/deep/other.txt", "of the worktree");
        (await ReloadsAsync(tree)).Should().Be(0);
        app.Save("page.txt", "second");
        (await ReloadsAsync(tree)).Should().Be(1);

        var explained = await tree.RunAsync("check", "--explain", "app/.worktrees/a/page.txt", "--explain", "app/.worktrees/a/");
        explained.Output.Split("is a checkout of its own (it has a .git); name it in watch.paths to watch it").Should().HaveCount(3, explained.ToString());
    }

    [NeedsFact("git")]
    public async Task Worktrees_and_clones_made_while_the_tree_runs_reload_nothing()
    {
        await using var tree = TestTree.Create();
        var app = await RepositoryAsync(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();

        // A folder that appears while a server reads its files is a reason to start it again. The kernel's clock of files is coarse.
        (await ReloadsAsync(tree)).Should().Be(0);
        await Wait.UntilAsync(
            async () => DateTimeOffset.UtcNow - (await tree.StatusAsync()).Service("app").ReadyAt > TimeSpan.FromSeconds(1), "its start is over for a second");

        await GitAsync(tree, "app", "worktree", "add", "-q", ".claude/worktrees/a");
        await GitAsync(tree, "app", "clone", "-q", ".", "clone");
        (await ReloadsAsync(tree)).Should().Be(0, "{0}", tree.Logs());
        app.Save("clone/page.txt", "of the clone");
        app.Save(".claude/worktrees/a/page.txt", "of the worktree");
        (await ReloadsAsync(tree)).Should().Be(0);
        app.Save("page.txt", "second");
        (await ReloadsAsync(tree)).Should().Be(1);
    }

    [NeedsFact("git")]
    public async Task A_submodule_is_watched()
    {
        await using var tree = TestTree.Create();
        var app = await RepositoryAsync(tree, "app");
        await RepositoryAsync(tree, "lib");
        await GitAsync(tree, "app", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../lib", "lib");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();

        app.Save("lib/page.txt", "of the submodule");
        (await ReloadsAsync(tree)).Should().Be(1);
        (await app.ServedAsync()).Should().Contain("lib/page.txt=of the submodule");
    }

    [NeedsFact("git")]
    public async Task A_watch_path_that_names_a_worktree_watches_it()
    {
        await using var tree = TestTree.Create();
        var app = await RepositoryAsync(tree, "app");
        await GitAsync(tree, "app", "worktree", "add", "-q", ".worktrees/a");
        tree.WriteConfig($$"""{ "services": { {{app.Entry().Replace("[\"app\"]", "[\"app\", \"app/.worktrees/a\"]", StringComparison.Ordinal)}} } }""");
        await tree.StartAsync();

        app.Save(".worktrees/a/page.txt", "of the worktree");
        (await ReloadsAsync(tree)).Should().Be(1);
    }

    private static async Task<TestService> RepositoryAsync(TestTree tree, string name)
    {
        var service = new TestService(tree, name);
        service.Save("page.txt", "first");
        await GitAsync(tree, name, "init", "-q", ".");
        await GitAsync(tree, name, "add", "-A");
        await GitAsync(tree, name, "-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-q", "-m", "first");
        return service;
    }

    private static async Task<int> ReloadsAsync(TestTree tree)
    {
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        return (await tree.StatusAsync()).Service("app").Reloads;
    }

    private static async Task GitAsync(TestTree tree, string folder, params string[] arguments)
    {
        var result = await tree.RunOtherAsync("git", ["-C", folder, .. arguments]);
        result.ExitCode.Should().Be(0, "git {0}: {1}", string.Join(' ', arguments), result);
    }
}
