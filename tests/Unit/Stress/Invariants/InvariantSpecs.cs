using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress.Invariants;

/// <summary>What each of the remaining invariants must let pass, and what it must not.</summary>
public sealed class InvariantSpecs
{
    [Fact]
    public void A_server_that_reloads_in_place_and_has_another_pid_after_a_job_is_a_violation()
    {
        var story = new RecordBuilder().Reload(RecordBuilder.InPlace, 100, 1);
        story.Apply(story.Now(RecordBuilder.InPlace) with { At = RecordBuilder.At(103), Pid = 9_999, StartedAt = RecordBuilder.At(102.5), Generation = 2 });

        Judge<UnaffectedServersStay>(story).Violated.Should().Be(1);
    }

    [Fact]
    public void A_second_reload_for_the_same_job_is_explained_and_one_much_later_is_not()
    {
        var soon = new RecordBuilder().Reload(RecordBuilder.Web, 100, 1);
        soon.Apply(soon.Now(RecordBuilder.Web) with { At = RecordBuilder.At(108), Pid = 9_999, StartedAt = RecordBuilder.At(107), Generation = 3 });
        Judge<UnaffectedServersStay>(soon).Violated.Should().Be(0);

        var late = new RecordBuilder().Reload(RecordBuilder.Web, 100, 1);
        late.Apply(late.Now(RecordBuilder.Web) with { At = RecordBuilder.At(140), Pid = 9_999, StartedAt = RecordBuilder.At(139), Generation = 3 });
        Judge<UnaffectedServersStay>(late).Violated.Should().Be(1);
    }

    [Theory]
    [InlineData("watcher")]
    [InlineData("parent")]
    public void A_server_that_changes_together_with_watcher_or_parent_is_a_violation(string victim)
    {
        var story = victim == "watcher" ? new RecordBuilder().WatcherFault(100) : new RecordBuilder().ParentFault(100);
        story.Apply(story.Now(RecordBuilder.Calm) with { At = RecordBuilder.At(103), Pid = 9_999, StartedAt = RecordBuilder.At(101), Generation = 2 });

        Judge<UnaffectedServersStay>(story).Violated.Should().Be(1);
    }

    [Fact]
    public void A_change_that_is_seen_served_before_its_job_is_told_to_have_ended_is_served() => Judge<SavedChangesAreServed>(new RecordBuilder()
        .Add(new JobBegan(RecordBuilder.At(100), 1, "atomic-saves", [RecordBuilder.Web]))
        .Add(new ChangeServed(RecordBuilder.At(101), 1, RecordBuilder.Web, RecordBuilder.At(0.01)))
        .Add(new JobEnded(RecordBuilder.At(101), 1, "atomic-saves", RecordBuilder.At(1), TimeSpan.Zero, [new TouchedFiles(RecordBuilder.Web, 1)], null)))
        .Violated.Should().Be(0);

    [Fact]
    public void A_change_of_which_nothing_is_known_at_the_end_is_lost() => Judge<SavedChangesAreServed>(
        new RecordBuilder().Reload(RecordBuilder.Web, 100, 1).Without<ChangeServed>(_ => true)).Violated.Should().Be(1);

    [Fact]
    public void The_watchers_share_is_a_mean_over_ten_seconds()
    {
        ProcessSampled Watcher(double at, double cpu) => new(RecordBuilder.At(at), "watcher", 1, 1, null, 1, 128 << 20, 1, 1, RecordBuilder.At(cpu), null);

        Judge<CapsHold>(new RecordBuilder().Add(Watcher(0, 0)).Add(Watcher(2, 2)).Add(Watcher(10, 5.2))).Violated.Should().Be(0);
        Judge<CapsHold>(new RecordBuilder().Add(Watcher(0, 0)).Add(Watcher(5, 3)).Add(Watcher(10, 5.9))).Violated.Should().Be(1);
    }

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0.076, 0)]
    [InlineData(0.01, 1)]
    [InlineData(23, 1)]
    public void The_second_restart_of_the_watcher_in_a_row_waits_for_a_tenth_of_a_second(double gap, int violations) =>
        Judge<BackoffIsObeyed>(new RecordBuilder().WatcherFault(100).WatcherFault(105, gap: gap)).Violated.Should().Be(violations);

    [Fact]
    public void After_30_seconds_the_watchers_backoff_begins_anew() =>
        Judge<BackoffIsObeyed>(new RecordBuilder().WatcherFault(100).WatcherFault(131)).Violated.Should().Be(0);

    [Fact]
    public void The_delay_of_the_watcher_doubles()
    {
        var story = new RecordBuilder().WatcherFault(100).WatcherFault(105, gap: 0.11).WatcherFault(110, gap: 0.19).WatcherFault(115, gap: 0.39);

        Judge<BackoffIsObeyed>(story).Violated.Should().Be(0);
        Judge<BackoffIsObeyed>(story.WatcherFault(120, gap: 0.4)).Violated.Should().Be(1);
    }

    [Fact]
    public void A_server_waits_out_its_backoff_too()
    {
        Judge<BackoffIsObeyed>(new RecordBuilder().ServerFault(RecordBuilder.Calm, 100).ServerFault(RecordBuilder.Calm, 110, backoff: 0.8)).Violated.Should().Be(0);
        Judge<BackoffIsObeyed>(new RecordBuilder().ServerFault(RecordBuilder.Calm, 100).ServerFault(RecordBuilder.Calm, 110, backoff: 0.5)).Violated.Should().Be(1);
        Judge<BackoffIsObeyed>(new RecordBuilder().ServerFault(RecordBuilder.Calm, 100).ServerFault(RecordBuilder.Calm, 140, backoff: 0.5)).Violated.Should().Be(0);
    }

    [Fact]
    public void A_service_is_given_up_after_five_failures_in_a_minute_and_not_before()
    {
        var story = new RecordBuilder().ServerFault(RecordBuilder.Calm, 100).ServerFault(RecordBuilder.Calm, 110, backoff: 1)
            .ServerFault(RecordBuilder.Calm, 120, backoff: 2);

        Judge<BackoffIsObeyed>(story.Ledger(RecordBuilder.Calm, 130, "crash-loop", "crash", RecordBuilder.Died(130, null, 3))).Violated.Should().Be(1);

        story = new RecordBuilder().ServerFault(RecordBuilder.Calm, 100).ServerFault(RecordBuilder.Calm, 110, backoff: 1)
            .ServerFault(RecordBuilder.Calm, 120, backoff: 2)
            .ServerFault(RecordBuilder.Calm, 130, backoff: 4);
        Judge<BackoffIsObeyed>(story.Ledger(RecordBuilder.Calm, 140, "crash-loop", "crash", RecordBuilder.Died(140, null, 3))).Violated.Should().Be(0);
    }

    [Fact]
    public void A_service_that_is_never_started_again_is_a_violation() => Judge<BackoffIsObeyed>(
        new RecordBuilder().ServerFault(RecordBuilder.Calm, 100).Ledger(RecordBuilder.Calm, 200, "failed", "crash", RecordBuilder.Died(200, null, 3)))
        .Violated.Should().Be(1);

    [Theory]
    [InlineData(12, 0)]
    [InlineData(35, 1)]
    public void A_watcher_that_hangs_is_replaced_within_30_seconds(double after, int violations)
    {
        var story = new RecordBuilder();
        story.Add(new FaultBegan(RecordBuilder.At(100), 1, "watcher-hang", FaultTarget.Watcher, null, story.WatcherPid))
            .NewWatcher(100 + after, 100 + after, RecordBuilder.Died(100 + after, "SIGKILL"));

        Judge<FaultsAreRecoveredFrom>(story).Violated.Should().Be(violations);
    }

    [Fact]
    public void A_fault_that_nobody_dies_of_asks_for_no_successor() => Judge<FaultsAreRecoveredFrom>(new RecordBuilder()
        .Add(new FaultBegan(RecordBuilder.At(100), 1, "watcher-spin", FaultTarget.Watcher, null, 1))
        .Add(new FaultEnded(RecordBuilder.At(115), 1, "watcher-spin", VictimDied: false, "burnt"))).NotApplicable.Should().NotBeNull();

    [Fact]
    public void A_watcher_that_dies_without_a_fault_is_a_violation()
    {
        Judge<RestartsHaveTheirCause>(new RecordBuilder().WatcherFault(100)).Violated.Should().Be(0);
        Judge<RestartsHaveTheirCause>(new RecordBuilder().WatcherFault(100).Without<FaultBegan>(_ => true).Without<FaultEnded>(_ => true))
            .Violations.Should().ContainSingle().Which.What.Should().Contain("SIGABRT, and no fault had struck it");
    }

    [Theory]
    [InlineData("watcher-abort", "SIGABRT", 0)]
    [InlineData("watcher-abort", "SIGKILL", 1)]
    [InlineData("watcher-double-free", "SIGABRT", 0)]
    [InlineData("watcher-double-free", "SIGKILL", 1)]
    [InlineData("watcher-hang", "SIGKILL", 0)]
    public void A_watcher_dies_of_the_signal_of_its_fault(string fault, string signal, int violations) =>
        Judge<RestartsHaveTheirCause>(new RecordBuilder().WatcherFault(100, fault, signal)).Violated.Should().Be(violations);

    [Theory]
    [InlineData("watcher-abort", "crash", 0)]
    [InlineData("watcher-abort", "hung", 1)]
    [InlineData("watcher-leak", "memory", 0)]
    public void The_watchers_ledger_tells_the_cause_of_its_fault(string fault, string cause, int violations)
    {
        var story = new RecordBuilder();
        var victim = story.WatcherPid;
        story.WatcherFault(100, fault).Ledger("watcher", 100.04, "failed", cause, RecordBuilder.Died(100.04, "SIGABRT"), victim);

        Judge<RestartsHaveTheirCause>(story).Violated.Should().Be(violations);
    }

    [Fact]
    public void A_watchers_fault_that_its_ledger_does_not_tell_is_a_violation() => Judge<RestartsHaveTheirCause>(
        new RecordBuilder().Ledger("watcher", 0.1, "started", "autostart").WatcherFault(100)).Violated.Should().Be(1);

    [Theory]
    [InlineData("server-leak", "oom", 0)]
    [InlineData("server-leak", "crash", 1)]
    [InlineData("server-exit", "crash", 0)]
    [InlineData("server-exit", "oom", 1)]
    public void A_server_that_leaked_died_of_its_limit_and_no_other(string fault, string cause, int violations) =>
        Judge<RestartsHaveTheirCause>(new RecordBuilder().ServerFault(RecordBuilder.Calm, 100, fault, cause)).Violated.Should().Be(violations);

    [Theory]
    [InlineData("web/views.py", 0)]
    [InlineData("(something changed and changed back during its start)", 0)]
    [InlineData("web/node_modules/left-pad/index.js", 1)]
    public void A_reload_for_a_file_that_nobody_watches_is_a_violation(string file, int violations) => Judge<RestartsHaveTheirCause>(
        new RecordBuilder().Reload(RecordBuilder.Web, 100, 1).Ledger(RecordBuilder.Web, 104, "reloaded", "files", files: file)).Violated.Should().Be(violations);

    [Fact]
    public void A_failure_that_no_fault_explains_is_a_violation() => Judge<RestartsHaveTheirCause>(
        new RecordBuilder().ServerFault(RecordBuilder.Calm, 100).Ledger(RecordBuilder.Calm, 200, "failed", "crash", RecordBuilder.Died(200, null, 1), pid: 5))
        .Violated.Should().Be(1);

    [Fact]
    public void A_fault_that_the_ledger_does_not_tell_is_a_violation() => Judge<RestartsHaveTheirCause>(
        new RecordBuilder().ServerFault(RecordBuilder.Calm, 100).Without<LedgerEntrySeen>(seen => seen.HappenedAt > RecordBuilder.At(99))).Violated.Should().Be(1);

    [Fact]
    public void A_fault_that_fell_into_a_reload_is_told_by_the_reload()
    {
        var story = new RecordBuilder().Reload(RecordBuilder.Web, 100, 1);
        story.Add(new FaultBegan(RecordBuilder.At(102.6), 1, "server-kill", FaultTarget.Server, RecordBuilder.Web, 1_001))
            .Add(new FaultEnded(RecordBuilder.At(102.7), 1, "server-kill", VictimDied: true, "died of SIGKILL"));

        Judge<RestartsHaveTheirCause>(story).Violated.Should().Be(0);
        Judge<RestartsHaveTheirCause>(story.Reload(RecordBuilder.Web, 2_000, 2)).Violated.Should().Be(0, "an hour later that still holds");
    }

    [Fact]
    public void A_restart_by_hand_is_nobodys_cause_in_a_run() => Judge<RestartsHaveTheirCause>(
        new RecordBuilder().ServerFault(RecordBuilder.Calm, 100).Ledger(RecordBuilder.Calm, 150, "started", "manual")).Violated.Should().Be(1);

    private static InvariantVerdict Judge<T>(RecordBuilder story) where T : IInvariant, new()
    {
        var invariant = new T();

        foreach (var runEvent in story.Events.Append(new RunEnded(RecordBuilder.At(2_100), "done")))
            invariant.Apply(runEvent);

        return invariant.Verdict;
    }
}
