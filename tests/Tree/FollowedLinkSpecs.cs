using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A package that is linked into a service, as <c>npm link</c> and workspaces do.</summary>
public sealed class FollowedLinkSpecs
{
    [Fact]
    public async Task A_save_in_a_linked_package_reloads_before_and_after_the_death_of_the_watcher()
    {
        await using var tree = TestTree.Create();
        var app = Linked(tree);
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();

        tree.Write("packages/shared/page.txt", "second");
        await Wait.UntilAsync(() => app.ServesAsync("shared/page.txt=second"), "the save in the package is served");

        Kill.Send((await tree.StatusAsync()).Watcher!.Pid!.Value, "KILL");
        tree.Write("packages/shared/page.txt", "third");
        await Wait.UntilAsync(() => app.ServesAsync("shared/page.txt=third"), "the next watcher finds the save in the package");
    }

    [Fact]
    public async Task A_link_pointed_elsewhere_and_a_removed_one_reload()
    {
        await using var tree = TestTree.Create();
        var app = Linked(tree);
        tree.Write("packages/other/page.txt", "of the other");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();

        (await tree.RunOtherAsync("ln", "-sfn", "../packages/other", "app/shared")).ExitCode.Should().Be(0);
        await Wait.UntilAsync(() => app.ServesAsync("shared/page.txt=of the other"), "the other package is served");

        File.Delete(Path.Combine(app.Folder, "shared"));
        await Wait.UntilAsync(async () => await app.AnswersAsync() && !await app.ServesAsync("shared/page.txt"), "no package is served");
    }

    [Fact]
    public async Task Check_marks_a_link_that_is_followed_and_one_that_is_not()
    {
        await using var tree = TestTree.Create();
        var app = Linked(tree);
        Directory.CreateSymbolicLink(Path.Combine(app.Folder, "everything"), "/");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");

        var followed = await tree.RunAsync("check", "--explain", "app/shared/page.txt");
        followed.Output.Should().Contain("app: reloaded").And.Contain("through the link ");

        var refused = await tree.RunAsync("check", "--explain", "app/everything/tmp/page.txt");
        refused.Output.Should().Contain("app: not reloaded: the link ").And.Contain("is not followed: that is too much to watch");
    }

    [Fact]
    public async Task A_save_behind_a_link_reloads_nothing_where_links_are_not_followed()
    {
        await using var tree = TestTree.Create();
        var app = Linked(tree);
        tree.WriteConfig($$"""{ "services": { {{app.Entry().Replace("\"include\"", "\"followLinks\": false, \"include\"", StringComparison.Ordinal)}} } }""");
        await tree.StartAsync();

        tree.Write("packages/shared/page.txt", "second");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        (await tree.StatusAsync()).Service("app").Reloads.Should().Be(0);
    }

    private static TestService Linked(TestTree tree)
    {
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        tree.Write("packages/shared/page.txt", "first");
        Directory.CreateSymbolicLink(Path.Combine(app.Folder, "shared"), "../packages/shared");
        return app;
    }
}
