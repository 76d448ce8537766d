using Supervisor.Filtering.Links;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>Which symbolic links are not followed, and what is told of them.</summary>
public sealed class RefusedLinkSpecs : LinkedTree
{
    [Fact]
    public async Task Links_that_lead_back_are_not_followed_and_cost_nothing()
    {
        Tree.Write("f", "one");
        Tree.Write("deep/g", "one");
        Link("deep/up", Tree.Root);
        Link("deep/here", ".");
        Link("linked", Tree.Outside + "/shared");
        File.CreateSymbolicLink(Tree.Outside + "/shared/back", Tree.Root);
        File.CreateSymbolicLink(Tree.Outside + "/shared/other", Tree.Outside + "/v1");
        File.CreateSymbolicLink(Tree.Outside + "/v1/again", Tree.Outside + "/shared");
        var (parent, watcher) = await StartAsync();
        await using var running = watcher;

        Tree.Write("f", "two");
        Outside("v1/f", "two");
        await watcher.FlushAsync();

        parent.Names.Should().BeEquivalentTo([Tree["f"], Tree["linked/other/f"]]);
        await parent.BeatenAsync(parent.Beats.Count + 1);
        parent.Beats.Last().Directories.Should().BeLessThan(8);
        parent.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task A_folder_that_is_watched_itself_is_reported_under_its_own_path_alone()
    {
        Tree.Write("packages/shared/f", "one");
        Tree.Write("web/g", "one");
        Link("web/shared", "../packages/shared");
        var (parent, watcher) = await StartAsync();
        await using var running = watcher;

        Tree.Write("packages/shared/f", "two");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(Tree["packages/shared/f"]);
    }

    [Fact]
    public async Task A_link_to_a_folder_in_the_watch_path_that_no_include_reaches_is_followed()
    {
        Tree.Write("packages/shared/f", "one");
        Tree.Write("web/g", "one");
        Link("web/shared", "../packages/shared");
        var (parent, watcher) = await StartAsync(include: "web/**");
        await using var running = watcher;

        Tree.Write("packages/shared/f", "two");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(Tree["web/shared/f"]);
    }

    [Fact]
    public async Task A_link_with_an_ignored_name_is_not_followed()
    {
        Link("node_modules", Tree.Outside + "/shared");
        Link("generated", Tree.Outside + "/v1");
        var (parent, watcher) = await StartAsync(ignore: "generated");
        await using var running = watcher;

        Outside("shared/f", "two");
        Outside("v1/f", "two");
        await watcher.FlushAsync();

        parent.Batches.Should().BeEmpty();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("~")]
    [InlineData("/proc/self")]
    [InlineData("the runtime folder")]
    public async Task A_link_to_everything_is_refused_and_told(string target)
    {
        Tree.Write("f", "one");
        Link("all", target == "~" ? Environment.GetEnvironmentVariable("HOME")! : target == "the runtime folder" ? Tree.RuntimeFolder : target);
        var (parent, watcher) = await StartAsync();
        await using var running = watcher;

        Tree.Write("f", "two");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(Tree["f"]);
        parent.Warnings.Should().ContainSingle().Which.Should().Contain($"The link {Tree["all"]} to ").And.Contain("is not followed");
    }

    [Fact]
    public async Task A_link_to_more_folders_than_sources_have_is_refused_and_told()
    {
        for (var i = 0; i <= LinkReader.MostFolders; i++)
            Directory.CreateDirectory($"{Tree.Outside}/shared/{i}");

        Link("linked", Tree.Outside + "/shared");
        var (parent, watcher) = await StartAsync();
        await using var running = watcher;

        Outside("shared/f", "two");
        await watcher.FlushAsync();

        parent.Batches.Should().BeEmpty();
        parent.Warnings.Should().ContainSingle().Which.Should().Contain("holds more than");
    }

    [Fact]
    public async Task A_linked_folder_that_an_ignore_file_names_is_left_without_a_change()
    {
        Link("linked", Tree.Outside + "/shared");
        var parent = new ModelParent(Tree.Root + "/nothing");
        await using var watcher = RunningWatcher.Start(Tree, parent, with: hello => hello with { Settings = hello.Settings with { Gitignore = true } });
        await watcher.FlushAsync();

        Tree.Write(".gitignore", "linked/");
        await watcher.FlushAsync();
        Outside("shared/f", "two");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(Tree[".gitignore"]);

        Tree.Write(".gitignore", "");
        await watcher.FlushAsync();
        parent.Forget();
        Outside("shared/f", "three");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(Tree["linked/f"]);
    }

    [Fact]
    public async Task A_service_that_wants_no_links_followed_hears_nothing_of_them()
    {
        Link("linked", Tree.Outside + "/shared");
        var parent = new ModelParent(Tree.Outside);
        var plain = RunningWatcher.Subscribe("plain", Tree.Root);
        await using var watcher = RunningWatcher.Start(Tree, parent, with: hello => hello with
        {
            Subscriptions = [RunningWatcher.Subscribe("web", Tree.Root), plain with { Watch = plain.Watch with { FollowLinks = false } }],
        });
        await watcher.FlushAsync();

        Outside("shared/f", "two");
        await watcher.FlushAsync();

        parent.Batches.SelectMany(batch => batch.Services).Select(service => service.Service).Should().Equal("web");
    }
}
