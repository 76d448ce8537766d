using System.Diagnostics;
using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

public sealed class ReaperSpecs : Staged
{
    [Fact]
    public async Task A_thousand_children_leave_no_zombie_no_descriptor_and_no_thread()
    {
        await Here.Spawn(Here.Program("true")).Exited;
        var (descriptors, threads) = (LeftBehind.Descriptors(), LeftBehind.Threads());

        for (var round = 0; round < 20; round++)
        {
            var children = Enumerable.Range(0, 50).Select(_ => Here.Spawn(Here.Program("true"))).ToList();
            foreach (var child in children)
                (await child.Exited).IsSuccess.Should().BeTrue();
        }

        // Other tests of this process run beside this one: the slack is theirs, a leak would be a thousand.
        LeftBehind.Descriptors().Should().BeLessThan(descriptors + 100);
        LeftBehind.Threads().Should().BeLessThan(threads + 40);
        (await LeftBehind.ComesTrueAsync(() => LeftBehind.ZombiesOf(Environment.ProcessId).Count == 0)).Should().BeTrue();
    }

    [Fact]
    public async Task An_orphan_that_came_to_us_is_reaped()
    {
        var pidFile = Path.Combine(Here.Folder, "pid");

        await Here.Spawn(Here.Shell($"setsid sh -c 'echo $$ > {pidFile}; exec sleep 0.05' & exit 0")).Exited;
        (await LeftBehind.ComesTrueAsync(() => LeftBehind.Read(pidFile).EndsWith('\n'))).Should().BeTrue();
        var orphan = int.Parse(LeftBehind.Read(pidFile));

        (await LeftBehind.ComesTrueAsync(() => LeftBehind.Fields(orphan).Length == 0)).Should().BeTrue();
    }

    [Fact]
    public async Task A_parent_that_does_not_reap_is_seen_by_the_oracle()
    {
        var careless = await Here.SpawnReadyAsync(Here.Program(
            "python3", "-c", "import os,time\nif os.fork() == 0: os._exit(0)\nprint('ready', flush=True)\ntime.sleep(60)"));

        (await LeftBehind.ComesTrueAsync(() => LeftBehind.ZombiesOf(careless.Pid).Count == 1)).Should().BeTrue();

        careless.TrySignal(Signals.Kill).Should().BeTrue();
        await careless.Exited;
        (await LeftBehind.ComesTrueAsync(() => LeftBehind.ZombiesOf(Environment.ProcessId).Count == 0)).Should().BeTrue();
    }

    [Fact]
    public async Task A_process_that_other_code_has_started_is_left_to_that_code()
    {
        using var other = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exit 5"]))!;
        var child = Here.Spawn(Here.Shell("exit 6"));

        await other.WaitForExitAsync();

        other.ExitCode.Should().Be(5);
        (await child.Exited).Should().Be(new ExitReason.Exited(6));
    }

    [Fact]
    public async Task A_child_that_has_ended_cannot_be_signalled()
    {
        var child = Here.Spawn(Here.Program("true"));
        await child.Exited;

        child.TrySignal(Signals.Kill).Should().BeFalse();
        child.TrySignalGroup(Signals.Kill).Should().BeFalse();
        child.Identity.IsAlive.Should().BeFalse();
    }

    [Fact]
    public async Task Two_runs_of_a_program_are_two_identities()
    {
        var first = Here.Spawn(Here.Program("true"));
        var second = Here.Spawn(Here.Program("true"));
        await Task.WhenAll(first.Exited, second.Exited);

        second.Identity.PidfdInode.Should().NotBe(first.Identity.PidfdInode);
        ProcessIdentity.Own().Should().Be(ProcessIdentity.Own()).And.Match<ProcessIdentity>(own => own.IsAlive);
    }
}
