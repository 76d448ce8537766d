using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Unit.Watcher.Sources;

public sealed class BackendChoiceSpecs
{
    private static readonly RootFacts Plain = new(
        HasKernel: true, new MountAssessment.Trusted(Remark: null), PolledMounts: [], Refused: 0, Watched: 10, Tree: null, TreeError: null);

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    [InlineData("tmpfs")]
    [InlineData("overlay")]
    public void A_local_file_system_is_watched_by_inotify(string type) =>
        BackendChoice.Decide(WatchBackend.Auto, type, CanaryResult.NotProbed).Should().Be(new MountAssessment.Trusted(Remark: null));

    [Theory]
    [InlineData("nfs4")]
    [InlineData("cifs")]
    [InlineData("9p")]
    [InlineData("virtiofs")]
    [InlineData("vboxsf")]
    [InlineData("fuse")]
    [InlineData("fuse.sshfs")]
    [InlineData("fuse.bindfs")]
    public void A_shared_file_system_is_polled_and_its_type_is_named(string type) =>
        BackendChoice.Decide(WatchBackend.Auto, type, CanaryResult.NotProbed)
            .Should().BeOfType<MountAssessment.Polled>().Which.Reason.Should().StartWith(type + ":");

    [Theory]
    [InlineData("fuseblk")]
    [InlineData("wslfs")]
    [InlineData(null)]
    public void An_unknown_file_system_is_probed(string? type)
    {
        BackendChoice.Decide(WatchBackend.Auto, type, CanaryResult.NotProbed).Should().BeOfType<MountAssessment.Unproven>();
        BackendChoice.Decide(WatchBackend.Auto, type, CanaryResult.Seen).Should().Be(new MountAssessment.Trusted(Remark: null));
        BackendChoice.Decide(WatchBackend.Auto, type, CanaryResult.Unseen).Should().BeOfType<MountAssessment.Polled>();
        BackendChoice.Decide(WatchBackend.Auto, type, CanaryResult.NotWritable)
            .Should().BeOfType<MountAssessment.Trusted>().Which.Remark.Should().Contain("without a probe");
    }

    [Fact]
    public void A_configured_inotify_backend_is_used_on_a_network_mount_unless_that_is_blind()
    {
        BackendChoice.Decide(WatchBackend.Inotify, "nfs4", CanaryResult.NotProbed).Should().BeOfType<MountAssessment.Unproven>();
        BackendChoice.Decide(WatchBackend.Inotify, "nfs4", CanaryResult.Seen).Should().BeOfType<MountAssessment.Trusted>();
        BackendChoice.Decide(WatchBackend.Inotify, "nfs4", CanaryResult.Unseen).Should().BeOfType<MountAssessment.Polled>();
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("wslfs")]
    public void A_file_system_with_missed_events_is_polled_whatever_its_type(string type) =>
        BackendChoice.Decide(WatchBackend.Auto, type, CanaryResult.FoundByAudit).Should().BeOfType<MountAssessment.Polled>();

    [Fact]
    public void A_plain_root_has_no_reason() =>
        Describe(WatchBackend.Auto, Plain).Should().Be(new RootStatus("/site", "inotify", Reason: null));

    [Fact]
    public void Directories_beyond_the_watch_limit_are_polled_and_counted_in_the_reason() =>
        Describe(WatchBackend.Auto, Plain with { Refused = 40 }).Should().Match<RootStatus>(root =>
            root.Backend == "inotify+poll" && root.Reason!.Contains("10 directories") && root.Reason.Contains("40 more") && root.Reason.Contains("max_user_watches"));

    [Fact]
    public void A_polled_mount_beneath_a_root_is_named_in_the_reason() =>
        Describe(WatchBackend.Auto, Plain with { PolledMounts = ["/site/data, nfs4: …"] }).Should().Match<RootStatus>(root =>
            root.Backend == "inotify+poll" && root.Reason!.Contains("/site/data"));

    [Fact]
    public void A_lost_tree_source_is_named_with_the_fallback() =>
        Describe(WatchBackend.Watchman, Plain with { TreeError = "watchman's server has gone" })
            .Should().Be(new RootStatus("/site", "inotify", "watchman's server has gone"));

    [Theory]
    [InlineData(WatchBackend.Poll, false, "configuration")]
    [InlineData(WatchBackend.Auto, true, "died too often")]
    public void A_polled_root_has_a_reason(WatchBackend configured, bool degraded, string reason) =>
        BackendChoice.Describe("/site", configured, degraded, Plain with { HasKernel = false }).Should().Match<RootStatus>(root =>
            root.Backend == "poll" && root.Reason!.Contains(reason));

    [Theory]
    [InlineData("inotify", "inotify")]
    [InlineData("inotify+poll", "inotify", "inotify+poll")]
    [InlineData("inotify+poll", "poll", "inotify")]
    [InlineData("inotify+watchman+poll", "watchman+poll", "inotify")]
    public void The_overall_backend_names_each_backend_once_with_poll_last(string overall, params string[] roots) =>
        BackendChoice.Overall(roots.Select(backend => new RootStatus("/", backend, Reason: null))).Should().Be(overall);

    [Theory]
    [InlineData(WatchBackend.Native, true, true)]
    [InlineData(WatchBackend.Auto, true, false)]
    [InlineData(WatchBackend.Auto, false, true)]
    [InlineData(WatchBackend.Poll, false, false)]
    public void FileSystemWatcher_is_used_outside_Linux_or_when_configured(WatchBackend configured, bool isLinux, bool wanted) =>
        BackendChoice.WantsFileSystemWatcher(configured, degraded: false, isLinux).Should().Be(wanted);

    private static RootStatus Describe(WatchBackend configured, RootFacts facts) => BackendChoice.Describe("/site", configured, degraded: false, facts);
}
