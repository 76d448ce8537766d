using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

public sealed class KillSpecs : ProcessSpecs
{
    // Forks twice, leaves the session, ignores all signals that can be ignored, and reports its start by a file.
    private const string Runaway =
        "trap '' TERM HUP INT; setsid sh -c 'echo $$ > runaway; cd /; exec >/dev/null 2>&1; sleep 600 & sleep 600' & "
        + "while ! [ -s runaway ]; do sleep 0.01; done; echo ready; wait; sleep 600";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(KillLadder.Cgroup2)]
    [InlineData(KillLadder.Freezer)]
    [InlineData(KillLadder.Walk)]
    public async Task A_server_that_forks_twice_and_ignores_all_signals_leaves_no_process(string rung)
    {
        if (!await IsAvailableAsync(rung))
            return;
        var scope = Fixture.Scope(rung);
        var child = await Fixture.SpawnReadyAsync(Fixture.Shell(Runaway) with { Scope = scope });
        scope.Members().Count.Should().BeGreaterThan(2);

        (await scope.KillAsync(Deadline, ProcessFixture.Time)).Should().BeTrue();

        (await child.Exited).Should().Be(new ExitReason.Signaled(Signals.Kill, CoreDumped: false));
        scope.Members().Should().BeEmpty();
        LeakCheck.Tagged(Fixture.Tag).Should().BeEmpty();
    }

    [Theory]
    [InlineData(KillLadder.Cgroup2)]
    [InlineData(KillLadder.Freezer)]
    [InlineData(KillLadder.Walk)]
    public async Task Processes_that_outlive_their_main_process_are_found_and_killed(string rung)
    {
        if (!await IsAvailableAsync(rung))
            return;
        var scope = Fixture.Scope(rung);
        var child = await Fixture.SpawnReadyAsync(Fixture.Shell(Runaway) with { Scope = scope });
        child.TrySignal(Signals.Kill);
        await child.Exited;
        scope.IsEmpty().Should().BeFalse();

        (await scope.KillAsync(Deadline, ProcessFixture.Time)).Should().BeTrue();

        LeakCheck.Tagged(Fixture.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task The_group_rung_kills_the_rest_of_the_group_after_its_leader_has_ended()
    {
        var scope = Fixture.Scope(KillLadder.Group);
        var child = await Fixture.SpawnReadyAsync(Fixture.Shell("trap '' TERM; sleep 600 & sleep 600 & echo ready; wait") with { Scope = scope });
        child.TrySignal(Signals.Kill);
        await child.Exited;
        scope.Members().Should().HaveCount(2);

        (await scope.KillAsync(Deadline, ProcessFixture.Time)).Should().BeTrue();

        LeakCheck.Tagged(Fixture.Tag).Should().BeEmpty();
    }

    [Theory]
    [InlineData(KillLadder.Cgroup2)]
    [InlineData(KillLadder.Freezer)]
    public async Task A_fork_bomb_of_150_processes_is_killed(string rung)
    {
        if (!await IsAvailableAsync(rung))
            return;
        var scope = Fixture.Scope(rung);
        var limits = LimitGroup.Create(Fixture.TreeId, "bomb", new ResourceCaps(MemoryBytes: null, Cores: null, Processes: 150));
        if (limits.Enforced.Processes is null)
            return;

        // It ends by itself in a minute: a run of the tests that is killed must not leave it behind.
        const string bomb = "import os,time\nend = time.monotonic() + 60\nwhile time.monotonic() < end:\n  try: os.fork()\n  except OSError: time.sleep(0.001)";
        var child = Fixture.Spawn(Fixture.Program("python3", "-c", bomb) with
        {
            Scope = scope,
            Confinement = new Confinement { ProcsFiles = limits.ProcsFiles },
        });
        (await LeakCheck.EventuallyAsync(() => scope.Members().Count > 100)).Should().BeTrue();

        (await scope.KillAsync(Deadline, ProcessFixture.Time)).Should().BeTrue();

        await child.Exited;
        LeakCheck.Tagged(Fixture.Tag).Should().BeEmpty();
        (await LeakCheck.EventuallyAsync(limits.Remove)).Should().BeTrue();
        (await LeakCheck.EventuallyAsync(() => LeakCheck.ZombiesOf(Environment.ProcessId).Count == 0)).Should().BeTrue();
    }

    [Theory]
    [InlineData(KillLadder.Cgroup2)]
    [InlineData(KillLadder.Freezer)]
    public async Task A_server_that_cannot_enter_its_cgroup_is_still_a_member_and_is_killed(string rung)
    {
        if (!await IsAvailableAsync(rung))
            return;
        var scope = Fixture.Scope(rung);
        scope.Remove().Should().BeTrue();
        var child = await Fixture.SpawnReadyAsync(Fixture.Shell("trap '' TERM; sleep 600 & echo ready; wait") with { Scope = scope });

        scope.Holds(child.Pid).Should().BeTrue();
        scope.IsConfined(child.Pid).Should().BeFalse();
        (await scope.KillAsync(Deadline, ProcessFixture.Time)).Should().BeTrue();

        await child.Exited;
        LeakCheck.Tagged(Fixture.Tag).Should().BeEmpty();
    }

    [Theory]
    [InlineData(KillLadder.Cgroup2)]
    [InlineData(KillLadder.Freezer)]
    [InlineData(KillLadder.Walk)]
    public async Task A_kill_right_after_the_start_leaves_no_process(string rung)
    {
        if (!await IsAvailableAsync(rung))
            return;
        var scope = Fixture.Scope(rung);
        for (var round = 0; round < 30; round++)
        {
            var child = Fixture.Spawn(Fixture.Shell("sleep 600 & sleep 600 & wait") with { Scope = scope });

            (await scope.KillAsync(Deadline, ProcessFixture.Time)).Should().BeTrue();

            (await child.Exited).Should().BeOfType<ExitReason.Signaled>();
        }

        LeakCheck.Tagged(Fixture.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task A_scope_can_be_opened_by_its_stored_values_and_killed()
    {
        var ladder = await KillLadder.ChooseAsync(ProcessFixture.NewTreeId(), ProcessFixture.Time, CancellationToken.None);
        var scope = Fixture.Scope(ladder.Rung);
        var child = await Fixture.SpawnReadyAsync(Fixture.Shell(Runaway) with { Scope = scope });

        var opened = KillLadder.OpenScope(scope.Rung, scope.Path, child.Identity, scope.Tag);
        (await opened.KillAsync(Deadline, ProcessFixture.Time)).Should().BeTrue();

        await child.Exited;
        LeakCheck.Tagged(Fixture.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task The_trial_of_a_rung_leaves_no_cgroup()
    {
        var ladder = await KillLadder.ChooseAsync(ProcessFixture.NewTreeId(), ProcessFixture.Time, CancellationToken.None);

        new[] { "cgroup2", "freezer", "walk", "group" }.Should().Contain(ladder.Rung);
        if (CgroupMounts.OwnVersion2() is { } folder)
            Directory.GetDirectories(folder, $"supervisor-trial-{Environment.ProcessId}*").Should().BeEmpty();
    }

    // The tests of a rung are skipped on a machine without it.
    private static async Task<bool> IsAvailableAsync(string rung) =>
        await KillTrial.FindProblemAsync(ProcessFixture.NewTreeId(), rung, ProcessFixture.Time, CancellationToken.None) is null;
}
