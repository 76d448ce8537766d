using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

/// <summary>Parsing of the kernel's files and statuses, and of signal names.</summary>
public sealed class ParsingSpecs
{
    private const string Hybrid = """
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
        37 31 0:34 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate
        """;

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("SIGTERM", 15)]
    [InlineData("sigint", 2)]
    [InlineData("9", 9)]
    public void A_signal_is_parsed_by_name_and_number(string text, int signal)
    {
        Signals.Parse(text).Should().Be(signal);
        Signals.Parse(Signals.Name(signal)).Should().Be(signal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SIG")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("TERMINATE")]
    public void An_unknown_signal_is_refused(string text) =>
        text.Invoking(Signals.Parse).Should().Throw<FormatException>();

    [Theory]
    [InlineData(0x2a00, 42)]
    [InlineData(0xff00, 255)]
    public void A_wait_status_with_a_code_is_an_exit(int status, int code) =>
        ExitReason.FromWaitStatus(status).Should().Be(new ExitReason.Exited(code));

    [Theory]
    [InlineData(0x0b, 11, false)]
    [InlineData(0x8b, 11, true)]
    public void A_wait_status_with_a_signal_is_a_death(int status, int signal, bool coreDumped) =>
        ExitReason.FromWaitStatus(status).Should().Be(new ExitReason.Signaled(signal, coreDumped));

    [Fact]
    public void A_command_name_may_contain_spaces_and_parentheses()
    {
        var stat = ProcFile.ParseStat("7 (a) S 1 (b)) T 3 4 5 0 -1 0 0 0 0 0 11 12 0 0 20 0 1 0 99 0 0");

        stat.Should().Be(new ProcFile.Stat('T', Parent: 3, Group: 4, Session: 5, CpuTicks: 23, StartTicks: 99));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7 (sh")]
    [InlineData("7 (sh) ")]
    [InlineData("7 (sh) S 1 2")]
    public void An_incomplete_line_is_not_parsed(string text) => ProcFile.ParseStat(text).Should().BeNull();

    [Fact]
    public void Our_cgroup_is_found_in_each_hierarchy()
    {
        const string own = "8:cpu,cpuacct:/\n6:freezer:/no/such\n0::/";

        CgroupMounts.Find(Hybrid, own, controller: null).Should().Be("/sys/fs/cgroup/unified");
        CgroupMounts.Find(Hybrid, own, "cpu").Should().Be("/sys/fs/cgroup/cpu,cpuacct");
        CgroupMounts.Find(Hybrid, own, "freezer").Should().Be("/sys/fs/cgroup/freezer", "a folder that is not visible here cannot be used");
        CgroupMounts.Find(Hybrid, own, "memory").Should().BeNull();
    }

    [Fact]
    public void Our_own_variables_are_not_inherited()
    {
        string[] ours = ["DOTNET_GCHeapHardLimit", "DOTNET_TieredPGO", "LISTEN_FDS", "NOTIFY_SOCKET", "WATCHDOG_USEC", "SUPERVISOR_TAG"];
        string[] theirs = ["PATH", "DOTNET_ROOT", "DOTNET_CLI_TELEMETRY_OPTOUT", "LISTENER", "SUPERVISOR_RUNTIME_DIR"];

        ours.Should().OnlyContain(name => InheritedEnvironment.IsOurs(name));
        theirs.Should().NotContain(name => InheritedEnvironment.IsOurs(name));
    }

    [Fact]
    public void This_process_can_be_described()
    {
        var description = ProcessStatistics.Describe(Environment.ProcessId)!;

        description.User.Should().Be(Environment.UserName);
        description.StartedAt.Should().BeBefore(DateTimeOffset.UtcNow).And.BeAfter(DateTimeOffset.UtcNow - TimeSpan.FromHours(1));
        description.ToString().Should().Contain($"pid {Environment.ProcessId}");
        ProcessStatistics.ResidentBytes(Environment.ProcessId).Should().BeGreaterThan(1 << 20);
        ProcessStatistics.CpuTime(Environment.ProcessId).Should().BeGreaterThan(TimeSpan.Zero);
        ProcessStatistics.IsTraced(Environment.ProcessId).Should().BeFalse();
        ProcessStatistics.Describe(int.MaxValue).Should().BeNull();
    }
}
