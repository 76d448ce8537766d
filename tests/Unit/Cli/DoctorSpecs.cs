using Supervisor.Cli.Doctor;
using Supervisor.Cli.Rendering;
using Supervisor.Processes;

namespace Supervisor.Unit.Cli;

/// <summary>What doctor concludes from the facts.</summary>
public sealed class DoctorSpecs
{
    private static readonly MachineFacts Healthy = new(
        SoftOpenFiles: 1_024, HardOpenFiles: 524_288, new KernelLimit("fs.inotify.max_user_watches", 524_288, 100), new KernelLimit("fs.inotify.max_user_instances", 128, 3),
        KillLadder.Cgroup2, [], LimitGroup.Version2, [], IsRoot: false, IsContainer: false, HasSystemd: true);

    [Fact]
    public void On_a_healthy_machine_nothing_is_to_be_done() =>
        MachineChecks.Of(Healthy, rungInUse: null).Should().OnlyContain(finding => finding.Severity == Severity.Ok && finding.Mend == null);

    [Theory]
    [InlineData(8_192, 0, nameof(Severity.Mend))]
    [InlineData(29_000, 100, nameof(Severity.Advice))]
    [InlineData(65_536, 0, nameof(Severity.Ok))]
    [InlineData(524_288, 500_000, nameof(Severity.Mend))]
    public void A_limit_of_watches_matters_when_it_is_low_or_nearly_used_up(long limit, long used, string severity) =>
        Machine(Healthy with { Watches = new KernelLimit("fs.inotify.max_user_watches", limit, used) }, "inotify-watches").Severity.ToString().Should().Be(severity);

    [Theory]
    [InlineData(128, 60, nameof(Severity.Ok))]
    [InlineData(128, 100, nameof(Severity.Advice))]
    [InlineData(128, 125, nameof(Severity.Mend))]
    public void A_limit_of_instances_matters_when_few_are_free(long limit, long used, string severity) =>
        Machine(Healthy with { Instances = new KernelLimit("fs.inotify.max_user_instances", limit, used) }, "inotify-instances").Severity.ToString().Should().Be(severity);

    [Fact]
    public void The_command_fits_the_user_and_the_container()
    {
        var low = Healthy with { Watches = new KernelLimit("fs.inotify.max_user_watches", 100, 0) };

        Machine(low, "inotify-watches").Mend.Should().StartWith("sudo sysctl fs.inotify.max_user_watches=524288 && ").And.Contain("| sudo tee");
        Machine(low with { IsRoot = true }, "inotify-watches").Mend.Should().StartWith("sysctl fs.inotify.max_user_watches=524288").And.NotContain("sudo");
        Machine(low with { IsContainer = true }, "inotify-watches").Mend.Should().EndWith("on the machine that runs this container");
    }

    [Theory]
    [InlineData(524_288, nameof(Severity.Ok))]
    [InlineData(8_000, nameof(Severity.Advice))]
    [InlineData(1_024, nameof(Severity.Mend))]
    public void Only_the_hard_limit_of_open_files_counts(long hard, string severity) =>
        Machine(Healthy with { HardOpenFiles = hard }, "open-files").Severity.ToString().Should().Be(severity);

    [Fact]
    public void The_limits_of_a_process_are_read_from_their_line()
    {
        MachineFacts.OpenFiles(["Limit  Soft Limit  Hard Limit  Units", "Max open files            1024                 unlimited            files     "])
            .Should().Be(((long?)1_024, (long?)null));
        MachineFacts.OpenFiles([]).Should().Be(((long?)null, (long?)null));
    }

    [Fact]
    public void Without_a_cgroup_delegation_is_advised_and_the_reasons_are_shown()
    {
        var finding = Machine(Healthy with { KillRung = KillLadder.Walk, Skipped = ["cgroup2: it cannot be made"] }, "kill");

        finding.Should().BeEquivalentTo(new { Severity = Severity.Advice, Found = "kill rung walk (cgroup2: it cannot be made)" });
        finding.Mend.Should().StartWith("systemd-run --user --scope");
        Machine(Healthy with { KillRung = KillLadder.Walk, HasSystemd = false }, "kill").Mend.Should().BeNull();
    }

    [Fact]
    public void Limits_that_the_kernel_does_not_enforce_are_named() =>
        Machine(Healthy with { LimitKind = LimitGroup.Version1, Sampled = ["memory", "CPU"] }, "limits")
            .Should().BeEquivalentTo(new { Severity = Severity.Advice, Found = "limits of memory, CPU are sampled, not enforced by the kernel" });

    [Fact]
    public void A_watch_path_that_is_polled_for_a_limit_must_be_mended_and_another_one_is_advice()
    {
        var watcher = Boards.Of().Watcher with
        {
            Roots =
            [
                new RootStatus("/a", "inotify+poll", "the kernel would not watch 40 more (fs.inotify.max_user_watches): those are polled"),
                new RootStatus("/b", "poll", "it is on a network file system"),
                new RootStatus("/c", "inotify", null),
            ],
        };

        var found = TreeChecks.Of(new TreeFacts("/p/supervisor.json", [], null, null, Boards.Of() with { Watcher = watcher })).Where(it => it.Check == "watching").ToList();

        found.Select(finding => finding.Severity).Should().Equal(Severity.Mend, Severity.Advice, Severity.Ok);
        found[0].Mend.Should().Be("sudo sysctl fs.inotify.max_user_watches=524288 && supervisor restart watcher");
    }

    [Fact]
    public void A_port_that_may_move_on_is_advice()
    {
        var holder = new PortHolder(8_000, 4_711, "python3", "me", DateTimeOffset.UnixEpoch);

        PortChecks.Of([new PortFact("web", 8_000, PortConflict.Block, holder, new PortOwner.Stranger())]).Single()
            .Should().BeEquivalentTo(new { Severity = Severity.Mend, Mend = "kill 4711" });
        PortChecks.Of([new PortFact("web", 8_000, PortConflict.Next, holder, new PortOwner.Stranger())]).Single().Severity.Should().Be(Severity.Advice);
        PortChecks.Of([new PortFact("web", 8_000, PortConflict.Block, holder with { Pid = null }, new PortOwner.Stranger())]).Single()
            .Mend.Should().Be("sudo ss -ltnp 'sport = :8000'");
        PortChecks.Of([new PortFact("web", 8_000, PortConflict.Block, holder, new PortOwner.OtherService("api", "/other"))]).Single()
            .Mend.Should().Be("cd '/other' && supervisor stop api");
    }

    [Fact]
    public void The_text_shows_why_and_how_below_a_finding_and_counts_what_must_be_mended()
    {
        var report = new DoctorReport(
            Ok: false, Config: null, Running: false,
            [new Finding("one", Severity.Ok, "fine"), new Finding("two", Severity.Mend, "bad", "It matters.", "do this", [new LeftProcess(7, "web", "sleep 9")])], Cleaned: null);

        FindingLines.Of(report, new Palette(coloured: false)).Should().Equal(
            "✓ one: fine", "✗ two: bad", "    web: sleep 9 (pid 7)", "    It matters.", "    → do this",
            "no supervisor.json here or in a folder above: only the machine was checked.", "1 finding must be mended.");
    }

    [Fact]
    public void A_stale_lock_of_git_and_a_missing_watchman_are_told()
    {
        var facts = new ToolFacts("/p", "/p/.git/index.lock", TimeSpan.FromMinutes(9), UsesWatchman: true, HasWatchman: false);

        ToolChecks.Of(facts).Select(finding => finding.Severity).Should().Equal(Severity.Advice, Severity.Mend);
        ToolChecks.Of(facts with { LockAge = TimeSpan.FromSeconds(2) }).First().Severity.Should().Be(Severity.Ok, "git works at this moment");
    }

    private static Finding Machine(MachineFacts facts, string check) => MachineChecks.Of(facts, rungInUse: null).Single(finding => finding.Check == check);
}
