using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

public sealed class StopSequenceSpecs : ProcessSpecs
{
    private static readonly TimeSpan LongGrace = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_server_that_obeys_the_signal_is_not_killed()
    {
        var scope = await CreateScopeAsync();
        var child = await Fixture.SpawnReadyAsync(Fixture.Shell("trap 'exit 3' TERM; echo ready; while :; do sleep 0.01; done") with { Scope = scope });

        var report = await StopSequence.RunAsync(child, scope, Signals.Terminate, LongGrace, StopSequence.RestGrace, ProcessFixture.Time, CancellationToken.None);

        report.Should().BeEquivalentTo(new StopReport(KilledAfterGrace: false, []));
        (await child.Exited).Should().Be(new ExitReason.Exited(3));
    }

    [Fact]
    public async Task The_configured_signal_is_sent()
    {
        var scope = await CreateScopeAsync();
        var child = await Fixture.SpawnReadyAsync(
            Fixture.Shell("trap '' TERM; trap 'exit 4' INT; echo ready; while :; do sleep 0.01; done") with { Scope = scope });

        await StopSequence.RunAsync(child, scope, Signals.Interrupt, LongGrace, StopSequence.RestGrace, ProcessFixture.Time, CancellationToken.None);

        (await child.Exited).Should().Be(new ExitReason.Exited(4));
    }

    [Fact]
    public async Task A_stopped_server_is_continued_and_obeys()
    {
        var scope = await CreateScopeAsync();
        // No shell: between vfork and exec of a command it would wait uninterruptibly for a stopped child, instead of being stopped itself.
        const string server = "import signal,sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(3))\nprint('ready', flush=True)\n"
            + "while True: signal.pause()";
        var child = await Fixture.SpawnReadyAsync(Fixture.Program("python3", "-c", server) with { Scope = scope });
        child.TrySignalGroup(Signals.Stop);
        (await LeakCheck.EventuallyAsync(() => ProcessStatistics.RunState(child.Pid) == 'T')).Should().BeTrue();

        var report = await StopSequence.RunAsync(child, scope, Signals.Terminate, LongGrace, StopSequence.RestGrace, ProcessFixture.Time, CancellationToken.None);

        report.KilledAfterGrace.Should().BeFalse();
        (await child.Exited).Should().Be(new ExitReason.Exited(3));
    }

    [Fact]
    public async Task A_server_that_ignores_the_signal_is_killed_after_the_grace_period_and_not_before()
    {
        var scope = await CreateScopeAsync();
        var child = await Fixture.SpawnReadyAsync(Fixture.Shell("trap '' TERM; sleep 600 & echo ready; wait; sleep 600") with { Scope = scope });
        var grace = TimeSpan.FromMilliseconds(300);
        var since = ProcessFixture.Time.GetTimestamp();

        var report = await StopSequence.RunAsync(child, scope, Signals.Terminate, grace, StopSequence.RestGrace, ProcessFixture.Time, CancellationToken.None);

        // The runtime's timers tick every few milliseconds, so one may fire that much early.
        ProcessFixture.Time.GetElapsedTime(since).Should().BeGreaterThan(grace - TimeSpan.FromMilliseconds(20));
        report.Should().BeEquivalentTo(new StopReport(KilledAfterGrace: true, []));
        (await child.Exited).Should().Be(new ExitReason.Signaled(Signals.Kill, CoreDumped: false));
        LeakCheck.Tagged(Fixture.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task The_grace_period_can_be_ended_early()
    {
        var scope = await CreateScopeAsync();
        var child = await Fixture.SpawnReadyAsync(Fixture.Shell("trap '' TERM; echo ready; while :; do sleep 600; done") with { Scope = scope });
        using var killNow = new CancellationTokenSource();

        var stopping = StopSequence.RunAsync(child, scope, Signals.Terminate, LongGrace, StopSequence.RestGrace, ProcessFixture.Time, killNow.Token);
        await killNow.CancelAsync();

        (await stopping).KilledAfterGrace.Should().BeTrue();
        LeakCheck.Tagged(Fixture.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task The_remains_of_the_main_process_are_killed_before_the_grace_period_ends()
    {
        var scope = await CreateScopeAsync();
        var child = await Fixture.SpawnReadyAsync(
            Fixture.Shell("(trap '' TERM; setsid sleep 600 & echo ready) ; trap 'exit 0' TERM; while :; do sleep 0.01; done") with { Scope = scope });

        var report = await StopSequence.RunAsync(child, scope, Signals.Terminate, LongGrace, StopSequence.RestGrace, ProcessFixture.Time, CancellationToken.None);

        report.Should().BeEquivalentTo(new StopReport(KilledAfterGrace: true, []));
        LeakCheck.Tagged(Fixture.Tag).Should().BeEmpty();
    }

    [Fact]
    public async Task After_the_main_process_has_ended_the_rest_gets_the_signal_too()
    {
        var scope = await CreateScopeAsync();
        var marker = Path.Combine(Fixture.Folder, "asked");
        var rest = $"trap \"echo yes > {marker}; exit 0\" TERM; echo ready; while :; do sleep 0.01; done";
        var child = await Fixture.SpawnReadyAsync(Fixture.Shell($"setsid sh -c '{rest}' & exit 0") with { Scope = scope });
        await child.Exited;

        var report = await StopSequence.RunAsync(child, scope, Signals.Terminate, LongGrace, LongGrace, ProcessFixture.Time, CancellationToken.None);

        report.KilledAfterGrace.Should().BeFalse();
        File.Exists(marker).Should().BeTrue();
    }

    private async Task<ProcessScope> CreateScopeAsync() =>
        Fixture.Scope((await KillLadder.ChooseAsync(ProcessFixture.NewTreeId(), ProcessFixture.Time, CancellationToken.None)).Rung);
}
