using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

public sealed class LimitGroupSpecs : ProcessSpecs
{
    [Fact]
    public async Task A_server_above_its_memory_cap_is_killed_by_the_kernel_and_counted()
    {
        var limits = LimitGroup.Create(Fixture.TreeId, "web", new ResourceCaps(MemoryBytes: 64 << 20, Cores: null, Processes: null));
        if (limits.Enforced.MemoryBytes is null)
            return;

        var hungry = Fixture.Spawn(Fixture.Program("python3", "-c", "x = bytearray(b'1') * (256 << 20)") with
        {
            Confinement = new Confinement { ProcsFiles = limits.ProcsFiles },
        });

        (await hungry.Exited).Should().Be(new ExitReason.Signaled(Signals.Kill, CoreDumped: false));
        limits.OomKills().Should().BeGreaterThan(0);
        (await LeakCheck.EventuallyAsync(limits.Remove)).Should().BeTrue();
        limits.ProcsFiles.Should().NotContain(file => File.Exists(file));
    }

    [Fact]
    public async Task A_member_is_in_every_group_and_its_memory_is_counted()
    {
        var limits = LimitGroup.Create(Fixture.TreeId, "web", new ResourceCaps(64 << 20, Cores: 0.5, Processes: 20));
        if (limits.Kind == LimitGroup.Sampling)
            return;

        var child = await Fixture.SpawnReadyAsync(Fixture.Shell("echo ready; sleep 600") with { Confinement = new Confinement { ProcsFiles = limits.ProcsFiles } });

        limits.Holds(child.Pid).Should().BeTrue();
        limits.Holds(Environment.ProcessId).Should().BeFalse();
        limits.MemoryBytesUsed().Should().BeInRange(1, 64 << 20);
        limits.Remove().Should().BeFalse("a process lives in it");

        child.TrySignalGroup(Signals.Kill);
        await child.Exited;
        (await LeakCheck.EventuallyAsync(limits.Remove)).Should().BeTrue();
    }

    [Fact]
    public void Without_caps_there_is_no_group_to_enter()
    {
        var limits = LimitGroup.Create("none", "web", new ResourceCaps(MemoryBytes: null, Cores: null, Processes: null));

        limits.Kind.Should().Be(LimitGroup.Sampling);
        limits.ProcsFiles.Should().BeEmpty();
        limits.Remove().Should().BeTrue();
    }
}
