using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

public sealed class KillSpecs : Staged
{
    // Forks twice, leaves the session, ignores what can be ignored, and announces itself by a file.
    private const string Runaway =
        "trap '' TERM HUP INT; setsid sh -c 'echo $$ > runaway; cd /; exec >/dev/null 2>&1; sleep 600 & sleep 600' & "
        + "while ! [ -s runaway ]; do sleep 0.01; done; echo ready; wait; sleep 600";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(KillLadder.Cgroup2)]
    [InlineData(KillLadder.Freezer)]
    [InlineData(KillLadder.Walk)]
    public async Task A_server_that_forks_twice_and_ignores_everything_leaves_nothing(string rung)
    {
        if (!await StandsAsync(rung))
            return;
        var scope = Here.Scope(rung);
        var child = await Here.SpawnReadyAsync(Here.Shell(Runaway) with { Scope = scope });
        scope.Members().Count.Should().BeGreaterThan(2);

        (await scope.KillAsync(Deadline, Stage.Time)).Should().BeTrue();

        (await child.Exited).Should().Be(new ExitReason.Signaled(Signals.Kill, CoreDumped: false));
        scope.Members().Should().BeEmpty();
        LeftBehind.Tagged(Here.Tag).Should().BeEmpty();
    }

    [Theory]
    [InlineData(KillLadder.Cgroup2)]
    [InlineData(KillLadder.Freezer)]
    [InlineData(KillLadder.Walk)]
    public async Task What_outlives_its_main_process_is_still_found_and_killed(string rung)
    {
        if (!await StandsAsync(rung))
            return;
        var scope = Here.Scope(rung);
        var child = await Here.SpawnReadyAsync(Here.Shell(Runaway) with { Scope = scope });
        child.TrySignal(Signals.Kill);
        await child.Exited;
        scope.IsEmpty().Should().BeFalse();

        (await scope.KillAsync(Deadline, Stage.Time)).Should().BeTrue();

        LeftBehind.Tagged(Here.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task The_group_rung_kills_what_stayed_in_the_group_even_without_its_leader()
    {
        var scope = Here.Scope(KillLadder.Group);
        var child = await Here.SpawnReadyAsync(Here.Shell("trap '' TERM; sleep 600 & sleep 600 & echo ready; wait") with { Scope = scope });
        child.TrySignal(Signals.Kill);
        await child.Exited;
        scope.Members().Should().HaveCount(2);

        (await scope.KillAsync(Deadline, Stage.Time)).Should().BeTrue();

        LeftBehind.Tagged(Here.Tag).Should().BeEmpty();
    }

    [Theory]
    [InlineData(KillLadder.Cgroup2)]
    [InlineData(KillLadder.Freezer)]
    public async Task A_bomb_of_150_processes_that_never_stop_forking_is_gone_at_once(string rung)
    {
        if (!await StandsAsync(rung))
            return;
        var scope = Here.Scope(rung);
        var limits = LimitGroup.Create(Here.TreeId, "bomb", new ResourceCaps(MemoryBytes: null, Cores: null, Processes: 150));
        if (limits.Enforced.Processes is null)
            return;
        const string bomb = "import os,time\nfor _ in range(20):\n  try: os.fork()\n  except OSError: time.sleep(0.001)\nwhile True:\n"
            + "  try:\n    if os.fork() == 0: time.sleep(0.01); os._exit(0)\n    os.waitpid(-1, os.WNOHANG)\n  except OSError: time.sleep(0.001)";
        var child = Here.Spawn(Here.Program("python3", "-c", bomb) with
        {
            Scope = scope,
            Confinement = new Confinement { ProcsFiles = limits.ProcsFiles },
        });
        (await LeftBehind.ComesTrueAsync(() => scope.Members().Count > 100)).Should().BeTrue();

        (await scope.KillAsync(Deadline, Stage.Time)).Should().BeTrue();

        await child.Exited;
        LeftBehind.Tagged(Here.Tag).Should().BeEmpty();
        (await LeftBehind.ComesTrueAsync(limits.Remove)).Should().BeTrue();
        (await LeftBehind.ComesTrueAsync(() => LeftBehind.ZombiesOf(Environment.ProcessId).Count == 0)).Should().BeTrue();
    }

    [Theory]
    [InlineData(KillLadder.Cgroup2)]
    [InlineData(KillLadder.Freezer)]
    public async Task A_server_that_could_not_enter_its_cgroup_is_still_a_member_and_killed(string rung)
    {
        if (!await StandsAsync(rung))
            return;
        var scope = Here.Scope(rung);
        scope.Remove().Should().BeTrue();
        var child = await Here.SpawnReadyAsync(Here.Shell("trap '' TERM; sleep 600 & echo ready; wait") with { Scope = scope });

        scope.Holds(child.Pid).Should().BeTrue();
        scope.IsConfined(child.Pid).Should().BeFalse();
        (await scope.KillAsync(Deadline, Stage.Time)).Should().BeTrue();

        await child.Exited;
        LeftBehind.Tagged(Here.Tag).Should().BeEmpty();
    }

    [Theory]
    [InlineData(KillLadder.Cgroup2)]
    [InlineData(KillLadder.Freezer)]
    [InlineData(KillLadder.Walk)]
    public async Task A_kill_right_after_the_start_leaves_nothing(string rung)
    {
        if (!await StandsAsync(rung))
            return;
        var scope = Here.Scope(rung);
        for (var round = 0; round < 30; round++)
        {
            var child = Here.Spawn(Here.Shell("sleep 600 & sleep 600 & wait") with { Scope = scope });

            (await scope.KillAsync(Deadline, Stage.Time)).Should().BeTrue();

            (await child.Exited).Should().BeOfType<ExitReason.Signaled>();
        }

        LeftBehind.Tagged(Here.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task Another_owner_kills_a_scope_by_what_was_written_down_about_it()
    {
        var ladder = await KillLadder.ChooseAsync(Stage.NewTreeId(), Stage.Time, CancellationToken.None);
        var scope = Here.Scope(ladder.Rung);
        var child = await Here.SpawnReadyAsync(Here.Shell(Runaway) with { Scope = scope });

        var opened = KillLadder.OpenScope(scope.Rung, scope.Path, child.Identity, scope.Tag);
        (await opened.KillAsync(Deadline, Stage.Time)).Should().BeTrue();

        await child.Exited;
        LeftBehind.Tagged(Here.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task The_chosen_rung_leaves_no_trial_behind()
    {
        var ladder = await KillLadder.ChooseAsync(Stage.NewTreeId(), Stage.Time, CancellationToken.None);

        new[] { "cgroup2", "freezer", "walk", "group" }.Should().Contain(ladder.Rung);
        if (CgroupMounts.OwnVersion2() is { } folder)
            Directory.GetDirectories(folder, $"supervisor-trial-{Environment.ProcessId}*").Should().BeEmpty();
    }

    // A machine without this rung has nothing to prove about it.
    private static async Task<bool> StandsAsync(string rung) =>
        await KillTrial.WhyNotAsync(Stage.NewTreeId(), rung, Stage.Time, CancellationToken.None) is null;
}
