using Supervisor.Filtering;

namespace Supervisor.Unit.Filtering;

public sealed class WatchFilterSpecs
{
    [Fact]
    public void An_ignored_directory_is_pruned_and_everything_else_is_entered()
    {
        var filter = Filter(Web("/p"));
        var root = filter.Enter("/p")!;

        filter.Enter(root, "/p/node_modules").Should().BeNull();
        filter.Enter(root, "/p/.git").Should().BeNull();
        filter.Enter(root, "/p/site").Should().BeSameAs(root);
    }

    [Fact]
    public void A_watch_path_inside_an_ignored_directory_is_honoured()
    {
        var filter = Filter(Web("/p"), Service("api", "/p/node_modules/mylib"));

        filter.Enter(filter.Enter("/p")!, "/p/node_modules")!.Descends.Should().BeFalse("only the watch path in it matters");
        filter.Enter("/p/node_modules/other").Should().BeNull();
        ServicesWanting(filter, "/p/node_modules/mylib/index.js").Should().Equal("api");
        ServicesWanting(filter, "/p/node_modules/other/index.js").Should().BeEmpty();
    }

    [Fact]
    public void Overlapping_roots_give_each_service_what_it_wants()
    {
        var filter = Filter(
            Service("web", ["/p"], include: ["**/*.py"], ignore: ["api/"]),
            Service("api", ["/p/api"], include: ["*.py", "*.toml"]));

        ServicesWanting(filter, "/p/site/views.py").Should().Equal("web");
        ServicesWanting(filter, "/p/api/main.py").Should().Equal("api");
        ServicesWanting(filter, "/p/api/deep/pyproject.toml").Should().Equal("api");
        ServicesWanting(filter, "/p/notes.txt").Should().BeEmpty();
    }

    [Fact]
    public void A_service_with_two_roots_over_one_file_is_named_once() =>
        ServicesWanting(Filter(Service("web", "/p", "/p/site")), "/p/site/a.py").ToHashSet(StringComparer.Ordinal).Should().Equal("web");

    [Fact]
    public void A_single_file_is_watched_in_its_folder_and_nothing_beside_it_is()
    {
        var filter = Filter(Service("web", "/p/settings/.env.log"));
        var folder = filter.Enter("/p/settings")!;

        folder.Descends.Should().BeFalse();
        folder.Wants("/p/settings/.env.log").Should().BeTrue();
        folder.Wants("/p/settings/other.py").Should().BeFalse();
        filter.Enter(folder, "/p/settings/deep").Should().BeNull();
        ServicesWanting(filter, "/p/settings/.env.log").Should().Equal("web");
    }

    [Fact]
    public void A_directory_in_which_no_include_can_match_is_pruned()
    {
        var filter = Filter(Service("web", ["/p"], include: ["site/**/*.py"]));
        var root = filter.Enter("/p")!;

        filter.Enter(root, "/p/docs").Should().BeNull();
        filter.Enter(root, "/p/site").Should().NotBeNull();
    }

    [Fact]
    public void An_include_that_names_a_directory_means_everything_in_it()
    {
        var filter = Filter(Service("web", ["/p"], include: ["templates/"]));

        ServicesWanting(filter, "/p/site/templates/deep/index.html").Should().Equal("web");
        ServicesWanting(filter, "/p/site/index.html").Should().BeEmpty();
    }

    [Fact]
    public void An_ignored_folder_is_pruned_whether_it_is_written_with_slash_or_stars()
    {
        var filter = Filter(Spec(ignore: ["chrome-debug-profile/**"]), Service("web", ["/p"], ignore: ["dist/"]));
        var root = filter.Enter("/p")!;

        filter.Enter(root, "/p/chrome-debug-profile").Should().BeNull();
        filter.Enter(root, "/p/a").Should().BeSameAs(root);
        filter.Enter(root, "/p/dist").Should().BeNull();
    }

    [Fact]
    public void Server_output_is_ignored_unless_the_service_has_an_include()
    {
        ServicesWanting(Filter(Web("/p")), "/p/db.sqlite3").Should().BeEmpty();
        ServicesWanting(Filter(Service("web", ["/p"], include: ["*.sqlite3"])), "/p/db.sqlite3").Should().Equal("web");
    }

    [Fact]
    public void The_configuration_is_a_source_only_for_services_that_name_it()
    {
        ServicesWanting(Filter(Web("/p")), "/p/supervisor.json").Should().BeEmpty();
        ServicesWanting(Filter(Web("/p")), "/p/sub/supervisor.json").Should().BeEmpty();
        ServicesWanting(Filter(Web("/p")), "/p/my-supervisor.json").Should().Equal("web");
        ServicesWanting(Filter(Service("web", ["/p"], include: ["*.json"])), "/p/supervisor.json").Should().Equal("web");
        ServicesWanting(Filter(Service("web", ["/p/supervisor.json"])), "/p/supervisor.json").Should().Equal("web");
    }

    [Fact]
    public void A_checkout_below_a_watch_path_is_entered_for_its_mark_alone_and_only_the_watch_paths_in_it_are_wanted()
    {
        var filter = Filter(Service("web", "/p"), Service("named", "/p/b"), Service("deep", "/p/a/x/y"));

        foreach (var checkout in new[] { "/p", "/p/a", "/p/b" })
            filter.RulesByDirectory.Set(checkout, new DirectoryRules(DirectoryMarkers.Repository | DirectoryMarkers.Checkout, []));

        ServicesWanting(filter, "/p/f.py").Should().Equal("web");
        ServicesWanting(filter, "/p/a/f.py").Should().BeEmpty();
        ServicesWanting(filter, "/p/a/x/f.py").Should().BeEmpty();
        ServicesWanting(filter, "/p/a/x/y/f.py").Should().Equal("deep");
        ServicesWanting(filter, "/p/b/f.py").Should().Equal("named");
        ServicesWanting(filter, "/p/b/x/f.py").Should().Equal("named");
        filter.Enter("/p/a")!.Descends.Should().BeTrue("the removal of its mark has to be noticed");
        filter.Enter("/p/a/z").Should().BeNull();
    }

    [Fact]
    public void Our_own_folders_are_never_watched()
    {
        var filter = WatchFilter.Create(Spec(), [Web("/p")], ["/p/.run"]);

        filter.Enter(filter.Enter("/p")!, "/p/.run").Should().BeNull();
        filter.Enter("/p/.run/hosts").Should().BeNull();
    }

    [Fact]
    public void The_whole_file_system_may_be_a_root() =>
        ServicesWanting(Filter(Web("/")), "/etc/hosts").Should().Equal("web");

    [Fact]
    public void A_name_that_is_no_UTF8_is_filtered_like_any_other() =>
        ServicesWanting(Filter(Service("web", ["/p"], include: ["*.txt"])), "/p/bad\uDCFF.txt").Should().Equal("web");

    [Fact]
    public void The_rules_hash_changes_with_the_rules_and_only_with_them()
    {
        var hash = Filter(Web("/p")).RulesHash;

        Filter(Web("/p")).RulesHash.Should().Be(hash);
        Filter(Web("/q")).RulesHash.Should().NotBe(hash);
        Filter(Service("web", ["/p"], include: ["a"])).RulesHash.Should().NotBe(Filter(Service("web", ["/p"], ignore: ["a"])).RulesHash);
        Filter(Spec(ignore: ["x"]), Web("/p")).RulesHash.Should().NotBe(hash);
    }

    [Fact]
    public void Asking_about_a_file_allocates_nothing()
    {
        var interest = Filter(Service("web", ["/p"], include: ["**/*.py", "*.{html,css}"], ignore: ["**/migrations/**"])).Enter("/p/site/app")!;
        interest.Wants("/p/site/app/views.py").Should().BeTrue();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            interest.Wants("/p/site/app/views.txt");

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private static IEnumerable<string> ServicesWanting(WatchFilter filter, string file)
    {
        var wanting = new List<int>();

        if (filter.Enter(file[..Math.Max(1, file.LastIndexOf('/'))]) is { } interest)
            filter.AddServices(interest, file, wanting);

        return wanting.Select(index => filter.Services[index]);
    }

    private static WatchFilter Filter(params Subscription[] subscriptions) => Filter(Spec(), subscriptions);

    private static WatchFilter Filter(WatcherSpec settings, params Subscription[] subscriptions) =>
        WatchFilter.Create(settings, subscriptions, ownFolders: []);

    private static WatcherSpec Spec(params string[] ignore) => new(
        WatchBackend.Auto, new LimitsSpec(null, null, null, null), new BackoffSpec(TimeSpan.Zero, TimeSpan.Zero), CompareMode.Content,
        Settle: null, ignore, Gitignore: false);

    private static Subscription Web(string root) => Service("web", root);

    private static Subscription Service(string name, params string[] paths) => Service(name, paths, include: []);

    private static Subscription Service(string name, string[] paths, string[]? include = null, string[]? ignore = null) =>
        new(name, new WatchSpec(paths, include ?? [], ignore ?? [], TimeSpan.Zero, new OnChange(ChangeAction.Restart, null)));
}
