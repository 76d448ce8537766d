using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

public sealed class ForeignProcessSpecs : Staged
{
    [Fact]
    public async Task The_end_of_a_process_that_is_not_our_child_is_noticed()
    {
        var pidFile = Path.Combine(Here.Folder, "pid");
        var parent = Here.Spawn(Here.Shell($"sleep 600 & echo $! > {pidFile}; wait"));
        (await LeftBehind.ComesTrueAsync(() => LeftBehind.Read(pidFile).EndsWith('\n'))).Should().BeTrue();
        var identity = ProcessIdentity.TryRead(int.Parse(LeftBehind.Read(pidFile)))!.Value;

        using var foreign = ForeignProcess.TryOpen(identity)!;
        foreign.Gone.IsCompleted.Should().BeFalse();
        foreign.TrySignal(Signals.Kill).Should().BeTrue();
        await foreign.Gone.WaitAsync(TimeSpan.FromSeconds(10));

        await parent.Exited;
        foreign.TrySignal(Signals.Kill).Should().BeFalse();
        ForeignProcess.TryOpen(identity).Should().BeNull();
    }

    [Fact]
    public async Task Another_run_under_the_same_pid_is_not_taken_for_the_one_that_was_written_down()
    {
        var child = Here.Spawn(Here.Program("sleep", "600"));
        var earlier = child.Identity with { PidfdInode = child.Identity.PidfdInode - 1 };
        var earlierBoot = child.Identity with { BootId = "another" };

        ForeignProcess.TryOpen(earlier).Should().BeNull();
        ForeignProcess.TryOpen(earlierBoot).Should().BeNull();
        earlier.IsAlive.Should().BeFalse();

        child.TrySignal(Signals.Kill);
        await child.Exited;
    }

    [Fact]
    public async Task Opening_and_closing_many_times_leaks_nothing()
    {
        var before = LeftBehind.Descriptors();

        for (var round = 0; round < 500; round++)
            ForeignProcess.TryOpen(ProcessIdentity.Own())!.Dispose();

        (await LeftBehind.ComesTrueAsync(() => LeftBehind.Descriptors() < before + 100)).Should().BeTrue();
    }
}
