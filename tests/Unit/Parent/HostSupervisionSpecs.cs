using Supervisor.Parent.Supervision;
using static Supervisor.Unit.Parent.TestTree;

namespace Supervisor.Unit.Parent;

public sealed class HostSupervisionSpecs
{
    private readonly TestTree _tree = TreeOf(Service("web"), Service("db")).WatcherIsUp().IsUp("db", "web");

    [Fact]
    public void A_dead_host_is_cleared_with_its_server_and_respawned_after_its_backoff()
    {
        _tree.HostExits("web").Should().ContainSingle().Which.Should().BeOfType<Effect.ClearHost>();
        _tree.HostIsCleared("web").Should().BeEmpty();

        _tree.Advance(0.2).Should().BeEmpty();
        _tree.Advance(0.1).Should().ContainSingle().Which.Should().Match<Effect.SpawnHost>(spawn => spawn.Service == "web" && spawn.Run == 2);
        _tree.HostLinks("web").OfType<Effect.StartService>().Should().ContainSingle();
    }

    [Fact]
    public void A_server_that_died_with_its_host_is_restarted_with_cause_crash()
    {
        _tree.HostExits("web");
        _tree.HostIsCleared("web");
        _tree.Advance(1);

        _tree.HostLinks("web").OfType<Effect.StartService>().Should().ContainSingle().Which.Cause.Should().Be("crash");
    }

    [Fact]
    public void The_backoff_of_a_host_doubles()
    {
        var delays = new List<TimeSpan>();

        for (var death = 0; death < 4; death++)
        {
            _tree.HostExits("web");
            _tree.HostIsCleared("web");
            delays.Add(((HostState.Absent)_tree.Slot("web").State).Due - _tree.Now);
            _tree.Advance(delays[^1].TotalSeconds);
            _tree.HostLinks("web");
        }

        delays.Select(delay => delay.TotalMilliseconds).Should().Equal(250, 500, 1000, 2000);
    }

    [Fact]
    public void The_death_of_an_earlier_run_changes_nothing()
    {
        _tree.HostExits("web");
        _tree.HostIsCleared("web");
        _tree.Advance(1);
        _tree.HostLinks("web");
        var before = _tree.Slot("web");

        _tree.Happens(new TreeEvent.HostExited("web", 1, "killed")).Should().BeEmpty();

        _tree.Slot("web").Should().Be(before);
    }

    [Fact]
    public void A_silent_host_is_resumed_once_and_then_cleared()
    {
        var effects = _tree.Advance(11);

        effects.OfType<Effect.ResumeHost>().Where(nudge => nudge.Service == "web").Should().ContainSingle();
        effects.OfType<Effect.ClearHost>().Where(clear => clear.Service == "web").Should().ContainSingle();
    }

    [Fact]
    public void A_host_that_beats_in_shared_memory_is_not_silent_although_it_sends_nothing()
    {
        for (var second = 0; second < 30; second++)
        {
            _tree.Advance(1);
            _tree.Happens(new TreeEvent.TimerElapsed([new TreeEvent.HostBeat("web", 1)]));
        }

        _tree.Effects.OfType<Effect.ResumeHost>().Should().NotContain(nudge => nudge.Service == "web");
        _tree.Effects.OfType<Effect.ClearHost>().Should().NotContain(clear => clear.Service == "web");
    }

    [Fact]
    public void The_beats_of_an_earlier_run_do_not_count()
    {
        for (var second = 0; second < 11; second++)
        {
            _tree.Advance(1);
            _tree.Happens(new TreeEvent.TimerElapsed([new TreeEvent.HostBeat("web", 0)]));
        }

        _tree.Effects.OfType<Effect.ClearHost>().Where(clear => clear.Service == "web").Should().ContainSingle();
    }

    [Fact]
    public void After_a_suspend_of_the_parent_no_child_counts_as_silent()
    {
        _tree.AdvanceWithHeartbeats(5);
        var before = _tree.Effects.Count;

        _tree.JumpAhead(60);
        _tree.AdvanceWithHeartbeats(5);

        _tree.Effects.Skip(before).Should().BeEmpty();
    }

    [Fact]
    public void A_running_host_that_lost_its_link_is_dialled_again_and_not_respawned()
    {
        _tree.Happens(new TreeEvent.HostUnlinked("web", 1)).Should().ContainSingle().Which.Should().BeOfType<Effect.DialHost>();

        _tree.HostLinks("web", ServicePhase.Ready).Should().BeEmpty();
    }

    [Fact]
    public void A_host_of_an_earlier_parent_is_adopted_and_its_server_not_touched()
    {
        var tree = TreeOf([Service("web")], left: ["web"]);

        tree.Happens(new TreeEvent.TimerElapsed()).Should().BeEmpty("it is not decided yet whether the run continues");
        var effects = tree.HostLinks("web", ServicePhase.Ready);

        effects.Should().ContainSingle().Which.Should().BeOfType<Effect.SpawnWatcher>()
            .Which.Baseline.Applied.Should().Be("old", "the new watcher resumes where the earlier parent stopped");
    }

    [Fact]
    public void A_recorded_host_that_is_dead_is_cleared_and_its_service_started_again()
    {
        var tree = TreeOf([Service("web")], left: ["web"]);
        tree.Happens(new TreeEvent.TimerElapsed());

        tree.HostExits("web").OfType<Effect.ClearHost>().Should().ContainSingle();
        var effects = tree.HostIsCleared("web");
        effects = [.. effects, .. tree.Happens(new TreeEvent.TimerElapsed())];

        effects.OfType<Effect.SpawnHost>().Should().ContainSingle();
        tree.Effects.OfType<Effect.BeginRun>().Should().ContainSingle("nothing was adopted: this is a first run");
    }

    [Fact]
    public void An_adopted_host_of_an_older_specification_is_replaced_without_a_backoff()
    {
        var tree = TreeOf([Service("web")], left: ["web"]);
        tree.Happens(new TreeEvent.TimerElapsed());

        tree.HostLinks("web", ServicePhase.Ready, specHash: "older").OfType<Effect.ShutDownHost>().Should().ContainSingle();
        tree.HostExits("web");

        tree.HostIsCleared("web").OfType<Effect.SpawnHost>().Should().ContainSingle();
    }

    [Fact]
    public void A_service_that_was_stopped_before_the_parent_died_stays_stopped()
    {
        var tree = TreeOf([Service("web")], left: ["web"]);
        tree.Happens(new TreeEvent.TimerElapsed());
        var stopped = tree.Slot("web").Status with { State = ServicePhase.Stopped, Generation = 1 };

        tree.Happens(new TreeEvent.HostLinked("web", 0, new HostWelcome(1, "test", 100, tree.Plan.HashOf("web")!, stopped)))
            .Should().NotContain(effect => effect is Effect.StartService);
    }

    [Fact]
    public void A_start_command_before_the_adoption_of_the_host_is_carried_out()
    {
        var tree = TreeOf([Service("web")], left: ["web"]);
        tree.Happens(new TreeEvent.TimerElapsed());
        tree.Happens(new TreeEvent.StartRequested(["web"]));

        tree.HostLinks("web").OfType<Effect.StartService>().Should().ContainSingle();
    }
}
