using Supervisor.Parent.Supervision;
using static Supervisor.Unit.Parent.TestTree;

namespace Supervisor.Unit.Parent;

/// <summary>A watcher is replaced: the standby is ready before the active watcher exits.</summary>
public sealed class WatcherReplacementSpecs
{
    private readonly TestTree _tree = TreeOf([Service("web")], [], new LimitsSpec(1000, 0.5, null, null)).IsUp("web").WatcherIsUp().WatcherIsIdle();

    [Fact]
    public void The_standby_is_ready_before_the_old_watcher_drains_and_takes_over_once_that_has_ended()
    {
        var old = _tree.State.Watcher.Epoch;

        var spawn = Samples(800).OfType<Effect.SpawnWatcher>().Single();
        spawn.Should().Match<Effect.SpawnWatcher>(next => next.Standby && next.Epoch > old && next.GroupIndex == 1);
        _tree.StandbyLinks().Should().BeEmpty("it has not read everything");
        _tree.State.Watcher.State.Should().BeOfType<WatcherState.Up>();
        _tree.StandbyBecomesReady().Should().ContainSingle().Which.Should().Match<Effect.DrainWatcher>(
            drain => drain.Epoch == old && drain.Cause == "recycle" && drain.Why.Contains("80 % of its cap", StringComparison.Ordinal));
        _tree.WatcherExits(0).Should().ContainSingle().Which.Should().Match<Effect.TakeOver>(take => take.Epoch == spawn.Epoch);

        _tree.State.Replacement.Should().BeNull();
        _tree.State.Watcher.Should().Match<WatcherSlot>(slot => slot.Epoch == spawn.Epoch && slot.Restarts == 1 && slot.Failures.Consecutive == 0 && slot.Pid == 51);
    }

    [Fact]
    public void It_takes_over_from_the_applied_baseline_and_not_before_that_is_recorded()
    {
        var record = _tree.Batch(1).OfType<Effect.RecordApplied>().Single();
        RequestRestart();
        _tree.StandbyBecomesReady();

        _tree.WatcherExits(0).Should().BeEmpty("the batch that is being recorded is the last applied one");
        _tree.ConfirmRecorded(record).OfType<Effect.TakeOver>().Single().Baseline.Should().Be(record.Applied);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(null)]
    public void If_the_old_watcher_ends_first_the_standby_takes_over_before_it_is_ready(int? code)
    {
        RequestRestart();

        _tree.WatcherExits(code).Should().BeEmpty("the standby is not linked yet");
        _tree.StandbyLinks().Should().ContainSingle().Which.Should().BeOfType<Effect.TakeOver>();
    }

    [Fact]
    public void If_the_standby_dies_the_old_watcher_drains_and_the_next_one_is_spawned_afterwards()
    {
        Samples(800);

        _tree.StandbyExits().Should().ContainSingle().Which.Should().Match<Effect.DrainWatcher>(drain => drain.Cause == "recycle");
        _tree.WatcherExits(0).Should().ContainSingle().Which.Should().Match<Effect.SpawnWatcher>(spawn => !spawn.Standby);
        _tree.State.Watcher.Failures.Consecutive.Should().Be(0);
    }

    [Fact]
    public void A_standby_that_is_not_ready_after_two_minutes_is_killed()
    {
        Samples(800);
        _tree.StandbyLinks();
        var standby = _tree.State.Replacement!.Standby.Epoch;

        for (var second = 0; second < 119; second++)
            Beats(standby);

        _tree.Effects.Should().NotContain(effect => effect is Effect.KillWatcher);
        Beats(standby).Should().ContainSingle().Which.Should().Match<Effect.KillWatcher>(kill => kill.Epoch == standby);
        _tree.StandbyExits().Should().ContainSingle().Which.Should().BeOfType<Effect.DrainWatcher>();
    }

    [Fact]
    public void A_silent_standby_is_killed()
    {
        RequestRestart();
        _tree.StandbyLinks();
        var standby = _tree.State.Replacement!.Standby.Epoch;

        _tree.AdvanceWithHeartbeats(10);

        _tree.Effects.OfType<Effect.PingWatcher>().Should().ContainSingle().Which.Epoch.Should().Be(standby);
        _tree.Effects.OfType<Effect.KillWatcher>().Should().ContainSingle().Which.Epoch.Should().Be(standby);
    }

    [Fact]
    public void A_polling_watcher_keeps_running_if_the_standby_without_polling_dies_and_that_is_tried_once_a_minute()
    {
        for (var death = 0; death < 5; death++)
        {
            _tree.WatcherExits();
            _tree.AdvanceWithHeartbeats(2);
            _tree.WatcherIsUp();
        }

        _tree.AdvanceWithHeartbeats(61);
        _tree.StandbyExits().Should().BeEmpty();
        _tree.AdvanceWithHeartbeats(57).Should().BeEmpty();
        _tree.AdvanceWithHeartbeats(3).OfType<Effect.SpawnWatcher>().Should().ContainSingle();
        _tree.State.Watcher.Should().Match<WatcherSlot>(slot => slot.Degraded && slot.State is WatcherState.Up);
    }

    [Fact]
    public void Within_ten_minutes_high_usage_replaces_it_only_once_and_a_command_each_time()
    {
        Samples(800);
        Replace();
        _tree.WatcherIsIdle();
        _tree.Effects.Clear();

        Samples(800);
        _tree.Effects.Should().NotContain(effect => effect is Effect.SpawnWatcher);
        RequestRestart().OfType<Effect.SpawnWatcher>().Should().ContainSingle();
        Replace();
        _tree.WatcherIsIdle();
        _tree.AdvanceWithHeartbeats(601);
        Samples(800).OfType<Effect.SpawnWatcher>().Should().ContainSingle();
    }

    [Fact]
    public void A_leak_that_continues_meanwhile_is_killed_at_the_cap_and_the_standby_takes_over()
    {
        Samples(800);
        _tree.StandbyBecomesReady();

        Samples(1000).Should().BeEmpty();
        Samples(1000).Should().ContainSingle().Which.Should().BeOfType<Effect.KillWatcher>();
        _tree.WatcherExits().Should().ContainSingle().Which.Should().BeOfType<Effect.TakeOver>();
    }

    [Fact]
    public void At_its_cpu_cap_it_is_throttled_after_five_seconds_and_replaced_after_twenty_and_no_sooner()
    {
        Works(45, seconds: 5).Should().BeEmpty();
        Works(50, seconds: 1).Should().ContainSingle().Which.Should().Match<Effect.RecordWatcherEvent>(
            note => note.Event == "throttled" && note.Cause == "cpu" && note.Why.Contains("worked 50 % of a core, 100 % of its cap", StringComparison.Ordinal));
        _tree.State.Watcher.Ladder.IsThrottled.Should().BeTrue();
        Works(45, seconds: 14).Should().BeEmpty();
        Works(45, seconds: 1).OfType<Effect.SpawnWatcher>().Should().ContainSingle();
        _tree.StandbyBecomesReady().OfType<Effect.DrainWatcher>().Single().Cause.Should().Be("cpu");
    }

    [Fact]
    public void A_watcher_that_is_below_its_cpu_cap_in_between_is_not_replaced()
    {
        Works(50, seconds: 19);
        Works(34, seconds: 1);
        _tree.State.Watcher.Ladder.IsThrottled.Should().BeFalse();
        Works(50, seconds: 19).OfType<Effect.SpawnWatcher>().Should().BeEmpty();
    }

    [Fact]
    public void A_standby_that_is_near_its_cap_while_it_reads_everything_is_not_replaced()
    {
        RequestRestart();
        _tree.StandbyLinks();

        _tree.Happens(new TreeEvent.WatcherSampled(_tree.State.Replacement!.Standby.Epoch, new WatcherSample(900, 50)))
            .Should().NotContain(effect => effect is Effect.SpawnWatcher);
    }

    [Fact]
    public void When_the_tree_stops_the_standby_stops_at_once()
    {
        RequestRestart();
        _tree.StandbyLinks();

        var effects = _tree.Happens(new TreeEvent.StopAllRequested(Now: false));

        effects.OfType<Effect.StopWatcher>().Single().Epoch.Should().Be(_tree.State.Replacement!.Standby.Epoch);
        _tree.StandbyExits();
        _tree.State.Replacement.Should().BeNull();
    }

    private IReadOnlyList<Effect> RequestRestart() => _tree.Happens(new TreeEvent.WatcherRestartRequested());

    private void Replace()
    {
        _tree.StandbyBecomesReady();
        _tree.WatcherExits(0);
    }

    private IReadOnlyList<Effect> Samples(long memory) =>
        _tree.Happens(new TreeEvent.WatcherSampled(_tree.State.Watcher.Epoch, new WatcherSample(memory, 0)));

    /// <summary>One sample a second.</summary>
    private IReadOnlyList<Effect> Works(double percent, int seconds)
    {
        var before = _tree.Effects.Count;

        for (var second = 0; second < seconds; second++)
        {
            _tree.Happens(new TreeEvent.WatcherSampled(_tree.State.Watcher.Epoch, new WatcherSample(100, percent)));
            _tree.AdvanceWithHeartbeats(1);
        }

        return _tree.Effects[before..];
    }

    /// <summary>All children send heartbeats; the standby reports that it still reads.</summary>
    private IReadOnlyList<Effect> Beats(long standby)
    {
        _tree.Happens(new TreeEvent.WatcherHeartbeat(standby, Beat(standby) with { Phase = WatcherPhase.Crawling }));
        return _tree.AdvanceWithHeartbeats(1);
    }
}
