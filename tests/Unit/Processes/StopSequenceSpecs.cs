using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

public sealed class StopSequenceSpecs : Staged
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_server_that_ends_when_asked_is_not_killed()
    {
        var scope = await BestScopeAsync();
        var child = await Here.SpawnReadyAsync(Here.Shell("trap 'exit 3' TERM; echo ready; while :; do sleep 0.01; done") with { Scope = scope });

        var report = await StopSequence.RunAsync(child, scope, Signals.Terminate, Long, Stage.Time, CancellationToken.None);

        report.Should().BeEquivalentTo(new StopReport(KilledAfterGrace: false, []));
        (await child.Exited).Should().Be(new ExitReason.Exited(3));
    }

    [Fact]
    public async Task The_configured_signal_asks()
    {
        var scope = await BestScopeAsync();
        var child = await Here.SpawnReadyAsync(
            Here.Shell("trap '' TERM; trap 'exit 4' INT; echo ready; while :; do sleep 0.01; done") with { Scope = scope });

        await StopSequence.RunAsync(child, scope, Signals.Interrupt, Long, Stage.Time, CancellationToken.None);

        (await child.Exited).Should().Be(new ExitReason.Exited(4));
    }

    [Fact]
    public async Task A_stopped_server_is_continued_so_that_it_can_obey()
    {
        var scope = await BestScopeAsync();
        // No shell: between vfork and exec of a command it would wait for a stopped child, uninterruptibly, instead of being stopped itself.
        const string obedient = "import signal,sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(3))\nprint('ready', flush=True)\n"
            + "while True: signal.pause()";
        var child = await Here.SpawnReadyAsync(Here.Program("python3", "-c", obedient) with { Scope = scope });
        child.TrySignalGroup(Signals.Stop);
        (await LeftBehind.ComesTrueAsync(() => ProcessStatistics.RunState(child.Pid) == 'T')).Should().BeTrue();

        var report = await StopSequence.RunAsync(child, scope, Signals.Terminate, Long, Stage.Time, CancellationToken.None);

        report.KilledAfterGrace.Should().BeFalse();
        (await child.Exited).Should().Be(new ExitReason.Exited(3));
    }

    [Fact]
    public async Task A_server_that_ignores_the_signal_is_killed_after_the_grace_period_and_not_before()
    {
        var scope = await BestScopeAsync();
        var child = await Here.SpawnReadyAsync(Here.Shell("trap '' TERM; sleep 600 & echo ready; wait; sleep 600") with { Scope = scope });
        var grace = TimeSpan.FromMilliseconds(300);
        var since = Stage.Time.GetTimestamp();

        var report = await StopSequence.RunAsync(child, scope, Signals.Terminate, grace, Stage.Time, CancellationToken.None);

        // The runtime's timers count in ticks of some milliseconds: one may fire that much early.
        Stage.Time.GetElapsedTime(since).Should().BeGreaterThan(grace - TimeSpan.FromMilliseconds(20));
        report.Should().BeEquivalentTo(new StopReport(KilledAfterGrace: true, []));
        (await child.Exited).Should().Be(new ExitReason.Signaled(Signals.Kill, CoreDumped: false));
        LeftBehind.Tagged(Here.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task The_grace_period_can_be_cut_short()
    {
        var scope = await BestScopeAsync();
        var child = await Here.SpawnReadyAsync(Here.Shell("trap '' TERM; echo ready; while :; do sleep 600; done") with { Scope = scope });
        using var killNow = new CancellationTokenSource();

        var stopping = StopSequence.RunAsync(child, scope, Signals.Terminate, Long, Stage.Time, killNow.Token);
        await killNow.CancelAsync();

        (await stopping).KilledAfterGrace.Should().BeTrue();
        LeftBehind.Tagged(Here.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task What_the_main_process_leaves_behind_is_killed_without_waiting_out_the_grace_period()
    {
        var scope = await BestScopeAsync();
        var child = await Here.SpawnReadyAsync(
            Here.Shell("(trap '' TERM; setsid sleep 600 & echo ready) ; trap 'exit 0' TERM; while :; do sleep 0.01; done") with { Scope = scope });

        var report = await StopSequence.RunAsync(child, scope, Signals.Terminate, Long, Stage.Time, CancellationToken.None);

        report.Should().BeEquivalentTo(new StopReport(KilledAfterGrace: true, []));
        LeftBehind.Tagged(Here.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task With_the_main_process_gone_the_rest_is_asked_too()
    {
        var scope = await BestScopeAsync();
        var marker = Path.Combine(Here.Folder, "asked");
        var rest = $"trap \"echo yes > {marker}; exit 0\" TERM; echo ready; while :; do sleep 0.01; done";
        var child = await Here.SpawnReadyAsync(Here.Shell($"setsid sh -c '{rest}' & exit 0") with { Scope = scope });
        await child.Exited;

        var report = await StopSequence.RunAsync(child, scope, Signals.Terminate, Long, Stage.Time, CancellationToken.None);

        report.KilledAfterGrace.Should().BeFalse();
        File.Exists(marker).Should().BeTrue();
    }

    private async Task<ProcessScope> BestScopeAsync() =>
        Here.Scope((await KillLadder.ChooseAsync(Stage.NewTreeId(), Stage.Time, CancellationToken.None)).Rung);
}
