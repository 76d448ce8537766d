using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

public sealed class ForeignProcessSpecs : ProcessSpecs
{
    [Fact]
    public async Task The_exit_of_a_process_that_is_not_our_child_is_noticed()
    {
        var pidFile = Path.Combine(Fixture.Folder, "pid");
        var parent = Fixture.Spawn(Fixture.Shell($"sleep 600 & echo $! > {pidFile}; wait"));
        (await LeakCheck.EventuallyAsync(() => LeakCheck.Read(pidFile).EndsWith('\n'))).Should().BeTrue();
        var identity = ProcessIdentity.TryRead(int.Parse(LeakCheck.Read(pidFile)))!.Value;

        using var foreign = ForeignProcess.TryOpen(identity)!;
        foreign.Gone.IsCompleted.Should().BeFalse();
        foreign.TrySignal(Signals.Kill).Should().BeTrue();
        await foreign.Gone.WaitAsync(TimeSpan.FromSeconds(60));

        await parent.Exited;
        foreign.TrySignal(Signals.Kill).Should().BeFalse();
        ForeignProcess.TryOpen(identity).Should().BeNull();
    }

    [Fact]
    public async Task Another_process_with_the_same_pid_does_not_match_the_stored_identity()
    {
        var child = Fixture.Spawn(Fixture.Program("sleep", "600"));
        var earlier = child.Identity with { PidfdInode = child.Identity.PidfdInode - 1 };
        var earlierBoot = child.Identity with { BootId = "another" };

        ForeignProcess.TryOpen(earlier).Should().BeNull();
        ForeignProcess.TryOpen(earlierBoot).Should().BeNull();
        earlier.IsAlive.Should().BeFalse();

        child.TrySignal(Signals.Kill);
        await child.Exited;
    }

    [Fact]
    public async Task Repeated_open_and_close_leaks_nothing()
    {
        var before = LeakCheck.Descriptors();

        for (var round = 0; round < 500; round++)
            ForeignProcess.TryOpen(ProcessIdentity.Own())!.Dispose();

        (await LeakCheck.EventuallyAsync(() => LeakCheck.Descriptors() < before + 100)).Should().BeTrue();
    }
}
