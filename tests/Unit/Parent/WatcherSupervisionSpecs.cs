using Supervisor.Parent.Supervision;
using static Supervisor.Unit.Parent.TestTree;

namespace Supervisor.Unit.Parent;

public sealed class WatcherSupervisionSpecs
{
    private const long Cap = 1000;

    private readonly TestTree _tree = TreeOf([Service("web")], [], new LimitsSpec(Cap, 0.5, null, null)).IsUp("web").WatcherIsUp().WatcherIsIdle();

    [Fact]
    public void The_first_restart_is_immediate_and_the_next_ones_back_off()
    {
        _tree.WatcherExits().OfType<Effect.SpawnWatcher>().Should().ContainSingle();
        _tree.WatcherIsUp();

        _tree.WatcherExits().Should().BeEmpty();
        _tree.Advance(0.1).OfType<Effect.SpawnWatcher>().Should().ContainSingle();
    }

    [Fact]
    public void The_death_of_a_watcher_affects_no_host()
    {
        var before = _tree.Slot("web");

        for (var death = 0; death < 10; death++)
        {
            _tree.WatcherExits();
            _tree.Advance(0.01);
        }

        _tree.Slot("web").Run.Should().Be(before.Run);
        _tree.Effects.Should().NotContain(effect => effect is Effect.ClearHost || effect is Effect.StopService);
    }

    [Fact]
    public void No_epoch_is_used_twice()
    {
        for (var death = 0; death < 5; death++)
        {
            _tree.WatcherExits();
            _tree.AdvanceWithHeartbeats(11);
        }

        _tree.Effects.OfType<Effect.SpawnWatcher>().Select(spawn => spawn.Epoch).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void Five_failures_in_a_minute_make_it_degraded_and_a_minute_later_it_is_tried_in_full_again()
    {
        for (var death = 0; death < 5; death++)
        {
            _tree.WatcherExits();
            _tree.AdvanceWithHeartbeats(2);
            _tree.WatcherIsUp();
        }

        _tree.Effects.OfType<Effect.SpawnWatcher>().Last().Degraded.Should().BeTrue();

        _tree.AdvanceWithHeartbeats(61).OfType<Effect.SpawnWatcher>().Single().Should().Match<Effect.SpawnWatcher>(spawn => spawn.Standby && !spawn.Degraded);
    }

    [Fact]
    public void A_silent_watcher_is_pinged_at_six_seconds_and_killed_at_ten()
    {
        _tree.Advance(5).OfType<Effect.PingWatcher>().Should().BeEmpty();
        _tree.Advance(1).OfType<Effect.PingWatcher>().Should().ContainSingle();
        _tree.Advance(3).OfType<Effect.KillWatcher>().Should().BeEmpty();
        _tree.Advance(1).OfType<Effect.KillWatcher>().Should().ContainSingle();
    }

    [Fact]
    public void A_watcher_that_answers_a_ping_is_not_killed()
    {
        _tree.Advance(7);
        _tree.Happens(new TreeEvent.WatcherAnswered(_tree.State.Watcher.Epoch));

        _tree.Advance(5).OfType<Effect.KillWatcher>().Should().BeEmpty();
    }

    [Fact]
    public void A_recycle_by_the_watcher_itself_is_not_a_failure()
    {
        _tree.WatcherExits((int)ExitCode.TemporaryFailure).OfType<Effect.SpawnWatcher>().Should().ContainSingle();

        _tree.State.Watcher.Failures.Consecutive.Should().Be(0);
    }

    [Fact]
    public void From_60_percent_on_memory_is_trimmed_and_the_ledger_records_it_once()
    {
        Samples(599).Should().BeEmpty();
        Samples(600).Select(effect => effect.GetType()).Should().Equal(typeof(Effect.TrimWatcher), typeof(Effect.RecordWatcherEvent));
        Samples(700).Should().BeEmpty();
        _tree.AdvanceWithHeartbeats(10);
        Samples(700).Should().ContainSingle().Which.Should().BeOfType<Effect.TrimWatcher>();
        Samples(500);
        Samples(600).OfType<Effect.RecordWatcherEvent>().Should().ContainSingle();
    }

    [Fact]
    public void At_its_cap_in_two_samples_it_is_killed()
    {
        Samples(1000).Should().NotContain(effect => effect is Effect.KillWatcher);
        Samples(1000).Should().ContainSingle().Which.Should().BeOfType<Effect.KillWatcher>();
        Samples(1000).Should().BeEmpty();
    }

    [Fact]
    public void Every_kill_of_a_watcher_has_a_reason()
    {
        Samples(1000);
        Samples(1000).OfType<Effect.KillWatcher>().Single().Should().Match<Effect.KillWatcher>(
            kill => kill.Cause == "memory" && kill.Why.Contains("of memory, 100 % of its cap", StringComparison.Ordinal));

        NextWatcher().Advance(10).OfType<Effect.KillWatcher>().Single().Cause.Should().Be("hung");
        NextWatcher().Happens(new TreeEvent.WatcherFailed(_tree.State.Watcher.Epoch, "its link ended")).OfType<Effect.KillWatcher>().Single()
            .Cause.Should().Be("link");

        // The standby that was to replace it at 80 % takes over and dies, too.
        TestTree NextWatcher()
        {
            _tree.WatcherExits();

            if (_tree.State.Replacement is not null)
                _tree.StandbyLinks();

            _tree.AdvanceWithHeartbeats(2);
            _tree.WatcherIsUp();
            return _tree;
        }
    }

    private IReadOnlyList<Effect> Samples(long memory) =>
        _tree.Happens(new TreeEvent.WatcherSampled(_tree.State.Watcher.Epoch, new WatcherSample(memory, 0)));
}
