using System.Diagnostics;
using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

public sealed class ReaperSpecs : ProcessSpecs
{
    [Fact]
    public async Task A_thousand_children_leave_no_zombie_no_descriptor_and_no_thread()
    {
        await Fixture.Spawn(Fixture.Program("true")).Exited;
        var (descriptors, threads) = (LeakCheck.Descriptors(), LeakCheck.Threads());

        for (var round = 0; round < 20; round++)
        {
            var children = Enumerable.Range(0, 50).Select(_ => Fixture.Spawn(Fixture.Program("true"))).ToList();
            foreach (var child in children)
                (await child.Exited).IsSuccess.Should().BeTrue();
        }

        // Other tests of this process run at the same time: the margin is for them; a leak would be a thousand.
        LeakCheck.Descriptors().Should().BeLessThan(descriptors + 100);
        LeakCheck.Threads().Should().BeLessThan(threads + 40);
        (await LeakCheck.EventuallyAsync(() => LeakCheck.ZombiesOf(Environment.ProcessId).Count == 0)).Should().BeTrue();
    }

    [Fact]
    public async Task An_orphan_that_is_reparented_to_us_is_reaped()
    {
        var pidFile = Path.Combine(Fixture.Folder, "pid");

        await Fixture.Spawn(Fixture.Shell($"setsid sh -c 'echo $$ > {pidFile}; exec sleep 0.05' & exit 0")).Exited;
        (await LeakCheck.EventuallyAsync(() => LeakCheck.Read(pidFile).EndsWith('\n'))).Should().BeTrue();
        var orphan = int.Parse(LeakCheck.Read(pidFile));

        (await LeakCheck.EventuallyAsync(() => LeakCheck.Fields(orphan).Length == 0)).Should().BeTrue();
    }

    [Fact]
    public async Task The_leak_check_sees_the_zombie_of_a_parent_that_does_not_reap()
    {
        var careless = await Fixture.SpawnReadyAsync(Fixture.Program(
            "python3", "-c", "import os,time\nif os.fork() == 0: os._exit(0)\nprint('ready', flush=True)\ntime.sleep(60)"));

        (await LeakCheck.EventuallyAsync(() => LeakCheck.ZombiesOf(careless.Pid).Count == 1)).Should().BeTrue();

        careless.TrySignal(Signals.Kill).Should().BeTrue();
        await careless.Exited;
        (await LeakCheck.EventuallyAsync(() => LeakCheck.ZombiesOf(Environment.ProcessId).Count == 0)).Should().BeTrue();
    }

    [Fact]
    public async Task A_process_that_other_code_started_is_not_reaped_by_us()
    {
        using var other = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exit 5"]))!;
        var child = Fixture.Spawn(Fixture.Shell("exit 6"));

        await other.WaitForExitAsync();

        other.ExitCode.Should().Be(5);
        (await child.Exited).Should().Be(new ExitReason.Exited(6));
    }

    [Fact]
    public async Task A_child_that_has_ended_cannot_be_signalled()
    {
        var child = Fixture.Spawn(Fixture.Program("true"));
        await child.Exited;

        child.TrySignal(Signals.Kill).Should().BeFalse();
        child.TrySignalGroup(Signals.Kill).Should().BeFalse();
        child.Identity.IsAlive.Should().BeFalse();
    }

    [Fact]
    public async Task Two_runs_of_a_program_have_different_identities()
    {
        var first = Fixture.Spawn(Fixture.Program("true"));
        var second = Fixture.Spawn(Fixture.Program("true"));
        await Task.WhenAll(first.Exited, second.Exited);

        second.Identity.PidfdInode.Should().NotBe(first.Identity.PidfdInode);
        ProcessIdentity.Own().Should().Be(ProcessIdentity.Own()).And.Match<ProcessIdentity>(own => own.IsAlive);
    }
}
