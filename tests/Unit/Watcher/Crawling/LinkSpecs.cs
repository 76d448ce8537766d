using Supervisor.Watcher.Crawling;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>Symbolic links below a watch path count as what they lead to.</summary>
public sealed class LinkSpecs : LinkedTree
{
    public static TheoryData<WatchBackend> Backends => [WatchBackend.Auto, WatchBackend.Poll, WatchBackend.Native];

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task A_save_behind_a_link_is_reported_under_the_path_of_the_link(WatchBackend backend)
    {
        Link("linked", Tree.Outside + "/shared");
        var (parent, watcher) = await StartAsync(backend: backend);
        await using var running = watcher;

        Outside("shared/f", "two");
        await watcher.FlushAsync();
        Outside("shared/new/g", "one");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(Tree["linked/f"], Tree["linked/new/g"]);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task A_link_made_while_the_watcher_runs_is_followed_also_where_no_include_matches_its_name(WatchBackend backend)
    {
        Outside("shared/a.py", "one");
        var (parent, watcher) = await StartAsync(backend: backend, include: "*.py");
        await using var running = watcher;

        Link("linked", Tree.Outside + "/shared");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(Tree["linked/a.py"]);
        parent.Forget();

        Outside("shared/a.py", "two");
        await parent.ReportedAsync(Tree["linked/a.py"]);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task A_link_that_is_removed_takes_its_files_with_it_and_watches_nothing_any_more(WatchBackend backend)
    {
        Outside("shared/a.py", "one");
        Link("linked", Tree.Outside + "/shared");
        var (parent, watcher) = await StartAsync(backend: backend, include: "*.py");
        await using var running = watcher;

        File.Delete(Tree["linked"]);
        await watcher.FlushAsync();
        parent.Model.Should().BeEmpty();
        parent.Batches.Should().NotBeEmpty();
        parent.Forget();

        Outside("shared/a.py", "two");
        await watcher.FlushAsync();
        parent.Batches.Should().BeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_pointed_elsewhere_between_the_start_of_the_tree_and_the_first_look_is_a_change(bool isPointedElsewhere)
    {
        Link("current", Tree.Outside + "/v1");
        var parent = new ModelParent(Tree.Root + "/nothing");
        var watermark = DateTimeOffset.UtcNow.AddMilliseconds(50);
        SpinWait.SpinUntil(() => DateTimeOffset.UtcNow > watermark + EventWatermark.CoarseClock);

        if (isPointedElsewhere)
            Point("current", Tree.Outside + "/v2");

        await using var watcher = RunningWatcher.Start(Tree, parent, with: hello => hello with
        {
            Subscriptions = [RunningWatcher.Subscribe("web", Tree.Root)], Baseline = new WatchBaseline(null, watermark),
        });
        await watcher.FlushAsync();

        parent.Batches.Any(batch => batch.Services.Any(change => change.LostTrack)).Should().Be(isPointedElsewhere);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task A_link_pointed_elsewhere_is_a_change_of_what_differs_there(WatchBackend backend)
    {
        Link("current", Tree.Outside + "/v1");
        var (parent, watcher) = await StartAsync(backend: backend);
        await using var running = watcher;

        Point("current", Tree.Outside + "/v2");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(Tree["current/f"]);
        parent.Model[Tree["current/f"]].Should().Be("of v2");
        parent.Forget();

        Outside("v1/f", "nobody's");
        await watcher.FlushAsync();
        parent.Batches.Should().BeEmpty();
        Outside("v2/f", "new");
        await parent.ReportedAsync(Tree["current/f"]);
    }

    [Fact]
    public async Task A_link_exchanged_on_the_way_to_the_target_is_noticed_without_an_event()
    {
        File.CreateSymbolicLink(Tree.Outside + "/current", "v1");
        Link("linked", Tree.Outside + "/current");
        var (parent, watcher) = await StartAsync();
        await using var running = watcher;

        Point("../outside/current", "v2");

        await parent.ReportedAsync(Tree["linked/f"]);
        parent.Model[Tree["linked/f"]].Should().Be("of v2");
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task A_target_that_goes_and_comes_back_is_watched_again(WatchBackend backend)
    {
        Outside("shared/a.py", "one");
        Link("linked", Tree.Outside + "/shared");
        var (parent, watcher) = await StartAsync(backend: backend, include: "*.py");
        await using var running = watcher;

        Directory.Delete(Tree.Outside + "/shared", recursive: true);
        await watcher.FlushAsync();
        parent.Model.Should().BeEmpty();

        Outside("shared/a.py", "two");
        await watcher.FlushAsync();
        parent.Model.Should().ContainKey(Tree["linked/a.py"]);
        Outside("shared/a.py", "three");
        await watcher.FlushAsync();
        parent.Model[Tree["linked/a.py"]].Should().Be("three");
    }

    [Fact]
    public async Task Links_exchanged_as_Kubernetes_does_are_a_change_of_the_file_that_leads_through_them()
    {
        Tree.Write("..2026_a/config.yaml", "one");
        Link("..data", "..2026_a");
        Link("config.yaml", "..data/config.yaml");
        var (parent, watcher) = await StartAsync(include: "/config.yaml");
        await using var running = watcher;

        Tree.Write("..2026_b/config.yaml", "two");
        Point("..data", "..2026_b");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(Tree["config.yaml"]);
        parent.Forget();

        Tree.Write("..2026_c/config.yaml", "three");
        Point("..data", "..2026_c");
        await parent.ReportedAsync(Tree["config.yaml"]);
    }

    [Fact]
    public async Task A_link_to_a_file_counts_as_the_file()
    {
        Link("settings", Tree.Outside + "/shared/f");
        var (parent, watcher) = await StartAsync();
        await using var running = watcher;

        Outside("shared/f", "two");
        await parent.ReportedAsync(Tree["settings"]);
        parent.Forget();

        // The same bytes in another file.
        File.Copy(Tree.Outside + "/shared/f", Tree.Outside + "/copy");
        Point("settings", Tree.Outside + "/copy");
        await watcher.FlushAsync();
        parent.Batches.Should().BeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_next_watcher_reports_what_changed_behind_a_link_and_nothing_else(bool isPointedElsewhere)
    {
        Link("linked", Tree.Outside + "/v1");
        var (parent, watcher) = await StartAsync();
        Outside("v1/f", "two");
        await watcher.FlushAsync();
        await watcher.DisposeAsync();
        parent.Forget();

        if (isPointedElsewhere)
            Point("linked", Tree.Outside + "/v2");
        else
            Outside("v1/f", "three");

        await using var next = RunningWatcher.Start(Tree, parent);
        await next.FlushAsync();

        parent.Names.Should().Equal(Tree["linked/f"]);
    }

    [Fact]
    public async Task A_watcher_on_standby_takes_over_what_is_behind_a_link()
    {
        Link("linked", Tree.Outside + "/shared");
        Link("settings", Tree.Outside + "/v1/f");
        var (parent, watcher) = await StartAsync();
        Outside("shared/f", "two");
        await watcher.FlushAsync();
        await using var next = RunningWatcher.StandBy(Tree, parent);
        await next.ArmedAsync();
        await watcher.DrainAsync();
        await watcher.DisposeAsync();
        parent.Forget();

        await next.TakeOverAsync();
        await next.FlushAsync();
        parent.Batches.Should().BeEmpty();

        Outside("shared/f", "three");
        Outside("v1/f", "three");
        await next.FlushAsync();
        parent.Names.Should().BeEquivalentTo([Tree["linked/f"], Tree["settings"]]);
    }

    [Fact]
    public async Task A_folder_in_the_place_of_a_link_and_a_link_in_the_place_of_a_folder_are_what_they_are()
    {
        Link("place", Tree.Outside + "/v1");
        var (parent, watcher) = await StartAsync();
        await using var running = watcher;

        File.Delete(Tree["place"]);
        Tree.Write("place/f", "of a folder");
        await watcher.FlushAsync();
        parent.Model[Tree["place/f"]].Should().Be("of a folder");
        Outside("v1/f", "nobody's");
        parent.Forget();
        await watcher.FlushAsync();
        parent.Batches.Should().BeEmpty();

        Directory.Delete(Tree["place"], recursive: true);
        Link("place", Tree.Outside + "/v2");
        await watcher.FlushAsync();
        parent.Model[Tree["place/f"]].Should().Be("of v2");
    }
}
