using Supervisor.Filtering;
using Supervisor.Filtering.Links;

namespace Supervisor.Unit.Filtering;

/// <summary>Which links to folders are followed: decided from paths alone.</summary>
public sealed class LinkPolicySpecs
{
    [Theory]
    [InlineData("/work/packages/shared", null)]
    [InlineData("/home/me/packages", null)]
    [InlineData("/", "too much")]
    [InlineData("/home", "too much")]
    [InlineData("/home/me", "too much")]
    [InlineData("/proc/1", "too much")]
    [InlineData("/work/run", "own files")]
    [InlineData("/work/run/logs", "own files")]
    [InlineData("/work", "own files")]
    [InlineData("/work/web/src", "leads back")]
    [InlineData("/work/web", "leads back")]
    [InlineData("/work/web/src/lib", "watched itself, as /work/web/src/lib")]
    [InlineData("/work/web/srclib", null)]
    [InlineData("/work/web/src/node_modules/lib", null)]
    public void A_target_decides(string target, string? reason) => Refusal(Filter(Service("web")), target).Should().Contain(reason ?? "followed");

    [Fact]
    public void Another_service_that_watches_the_target_itself_takes_no_link_from_this_one() =>
        Refusal(Filter(Service("web"), Service("lib", "/work/lib")), "/work/lib").Should().Be("followed");

    [Fact]
    public void The_same_service_is_told_under_the_path_without_a_link() =>
        Refusal(Filter(Service("web", "/work/web/src", "/work/lib")), "/work/lib/deep").Should().EndWith("as /work/lib/deep");

    [Fact]
    public void A_link_is_followed_if_one_of_two_services_needs_it() =>
        Refusal(Filter(Service("web"), Service("some", ["/work/web/src"], include: ["a/**"])), "/work/web/src/lib").Should().Be("followed");

    [Fact]
    public void A_watch_path_that_is_a_link_is_known_by_its_real_path() =>
        Refusal(Filter(Service("web")), "/real/lib", real: "/real", holder: "/real/a").Should().EndWith("as /work/web/src/lib");

    [Fact]
    public void Nobody_who_follows_links_wants_it()
    {
        var service = Service("web");

        Refusal(Filter(service with { Watch = service.Watch with { FollowLinks = false } }), "/elsewhere").Should().Be("\"followLinks\" is false");
    }

    [Theory]
    [InlineData("/other/lib", "another link")]
    [InlineData("/other", "another link")]
    [InlineData("/other/lib/deep", "another link")]
    [InlineData("/other/library", "followed")]
    public void A_chain_of_links_ends_where_it_would_lead_into_a_folder_twice(string target, string reason) =>
        Refusal(Filter(Service("web")), target, holder: "/third", through: ["/third", "/other/lib"]).Should().StartWith(reason);

    [Fact]
    public void A_chain_of_links_is_not_endless() =>
        Refusal(Filter(Service("web")), "/e", holder: "/d/x", through: ["/d", "/c", "/b", "/a"]).Should().Contain("behind 4 other links");

    [Fact]
    public void So_many_links_and_no_more_are_followed()
    {
        var filter = Filter(Service("web"));

        for (var i = 0; i < LinkPolicy.MostLinks; i++)
            filter.Links.Set($"/work/web/src/{i}", $"/elsewhere/{i}");

        Refusal(filter, "/elsewhere/more").Should().Contain("256 links");
        filter.Links.Remove("/work/web/src/7");
        Refusal(filter, "/elsewhere/more").Should().Be("followed");
    }

    [Fact]
    public void Rules_of_a_service_that_follows_no_links_end_at_a_followed_one()
    {
        var (web, plain) = (Service("web"), Service("plain"));
        var filter = Filter(web, plain with { Watch = plain.Watch with { FollowLinks = false } });

        filter.Links.Set("/work/web/src/a", "/elsewhere");

        filter.Enter("/work/web/src/a/deep")!.ServiceIndexes.Should().Equal(0);
        filter.Enter("/work/web/src/b/deep")!.ServiceIndexes.Should().Equal(0, 1);
    }

    private static string Refusal(WatchFilter filter, string target, string real = "/work/web/src", string? holder = null, params string[] through)
    {
        var roots = filter.Roots.Select(root => (root, root == "/work/web/src" ? real : root));
        var link = new LinkedFolder("/work/web/src/a/link", holder ?? "/work/web/src/a", target, through, [.. roots], "/home/me");

        return LinkPolicy.ReasonNotToFollow(filter, filter.Enter("/work/web/src/a/link")!, link)?.Reason ?? "followed";
    }

    private static WatchFilter Filter(params Subscription[] services) => WatchFilter.Create(
        new WatcherSpec(
            WatchBackend.Auto, new LimitsSpec(null, null, null, null), new BackoffSpec(TimeSpan.Zero, TimeSpan.Zero), CompareMode.Content,
            Settle: null, [], Gitignore: false),
        services, ["/work/run"]);

    private static Subscription Service(string name) => Service(name, "/work/web/src");

    private static Subscription Service(string name, params string[] paths) => Service(name, paths, include: []);

    private static Subscription Service(string name, string[] paths, string[] include) =>
        new(name, new WatchSpec(paths, include, [], TimeSpan.Zero, new OnChange(ChangeAction.Restart, null)));
}
