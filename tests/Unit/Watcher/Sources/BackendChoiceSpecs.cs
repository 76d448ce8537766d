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
    public void A_local_file_system_is_left_to_the_kernel(string type) =>
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
    public void What_others_write_to_is_polled_and_the_kind_of_mount_is_named(string type) =>
        BackendChoice.Decide(WatchBackend.Auto, type, CanaryResult.NotProbed)
            .Should().BeOfType<MountAssessment.Polled>().Which.Reason.Should().StartWith(type + ":");

    [Theory]
    [InlineData("fuseblk")]
    [InlineData("wslfs")]
    [InlineData(null)]
    public void An_unknown_one_has_to_prove_itself(string? type)
    {
        BackendChoice.Decide(WatchBackend.Auto, type, CanaryResult.NotProbed).Should().BeOfType<MountAssessment.Unproven>();
        BackendChoice.Decide(WatchBackend.Auto, type, CanaryResult.Seen).Should().Be(new MountAssessment.Trusted(Remark: null));
        BackendChoice.Decide(WatchBackend.Auto, type, CanaryResult.Unseen).Should().BeOfType<MountAssessment.Polled>();
        BackendChoice.Decide(WatchBackend.Auto, type, CanaryResult.NotWritable)
            .Should().BeOfType<MountAssessment.Trusted>().Which.Remark.Should().Contain("without a probe");
    }

    [Fact]
    public void Whoever_asks_for_inotify_gets_it_on_a_network_mount_as_long_as_that_is_not_blind()
    {
        BackendChoice.Decide(WatchBackend.Inotify, "nfs4", CanaryResult.NotProbed).Should().BeOfType<MountAssessment.Unproven>();
        BackendChoice.Decide(WatchBackend.Inotify, "nfs4", CanaryResult.Seen).Should().BeOfType<MountAssessment.Trusted>();
        BackendChoice.Decide(WatchBackend.Inotify, "nfs4", CanaryResult.Unseen).Should().BeOfType<MountAssessment.Polled>();
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("wslfs")]
    public void What_the_audit_has_convicted_is_polled_whatever_it_is_called(string type) =>
        BackendChoice.Decide(WatchBackend.Auto, type, CanaryResult.FoundByAudit).Should().BeOfType<MountAssessment.Polled>();

    [Fact]
    public void Where_all_is_plain_there_is_no_reason_to_be_given() =>
        Describe(WatchBackend.Auto, Plain).Should().Be(new RootStatus("/site", "inotify", Reason: null));

    [Fact]
    public void Directories_beyond_the_limit_are_a_part_that_is_polled_with_the_numbers() =>
        Describe(WatchBackend.Auto, Plain with { Refused = 40 }).Should().Match<RootStatus>(root =>
            root.Backend == "inotify+poll" && root.Reason!.Contains("10 directories") && root.Reason.Contains("40 more") && root.Reason.Contains("max_user_watches"));

    [Fact]
    public void A_mount_beneath_is_a_part_that_is_polled() =>
        Describe(WatchBackend.Auto, Plain with { PolledMounts = ["/site/data, nfs4: …"] }).Should().Match<RootStatus>(root =>
            root.Backend == "inotify+poll" && root.Reason!.Contains("/site/data"));

    [Fact]
    public void A_lost_source_is_named_and_what_stands_in_for_it() =>
        Describe(WatchBackend.Watchman, Plain with { TreeError = "watchman's server has gone" })
            .Should().Be(new RootStatus("/site", "inotify", "watchman's server has gone"));

    [Theory]
    [InlineData(WatchBackend.Poll, false, "configuration")]
    [InlineData(WatchBackend.Auto, true, "died too often")]
    public void Who_polls_everything_says_why(WatchBackend configured, bool degraded, string reason) =>
        BackendChoice.Describe("/site", configured, degraded, Plain with { HasKernel = false }).Should().Match<RootStatus>(root =>
            root.Backend == "poll" && root.Reason!.Contains(reason));

    [Theory]
    [InlineData("inotify", "inotify")]
    [InlineData("inotify+poll", "inotify", "inotify+poll")]
    [InlineData("inotify+poll", "poll", "inotify")]
    [InlineData("inotify+watchman+poll", "watchman+poll", "inotify")]
    public void All_together_are_named_once_with_polling_at_the_end(string overall, params string[] roots) =>
        BackendChoice.Overall(roots.Select(backend => new RootStatus("/", backend, Reason: null))).Should().Be(overall);

    [Theory]
    [InlineData(WatchBackend.Native, true, true)]
    [InlineData(WatchBackend.Auto, true, false)]
    [InlineData(WatchBackend.Auto, false, true)]
    [InlineData(WatchBackend.Poll, false, false)]
    public void The_systems_own_watcher_is_for_where_there_is_no_inotify_or_where_it_is_asked_for(WatchBackend configured, bool isLinux, bool wanted) =>
        BackendChoice.WantsFileSystemWatcher(configured, degraded: false, isLinux).Should().Be(wanted);

    private static RootStatus Describe(WatchBackend configured, RootFacts facts) => BackendChoice.Describe("/site", configured, degraded: false, facts);
}
