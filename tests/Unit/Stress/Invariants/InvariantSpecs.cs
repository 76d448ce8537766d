using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress.Invariants;

/// <summary>What the other invariants must accept, and what they must not.</summary>
public sealed class InvariantSpecs
{
    [Fact]
    public void A_server_that_reloads_in_place_and_has_another_pid_after_a_job_is_a_violation()
    {
        var run = new RecordBuilder().Reload(RecordBuilder.InPlace, 100, 1);
        run.AddSeen(run.Now(RecordBuilder.InPlace) with { At = RecordBuilder.At(103), Pid = 9_999, StartedAt = RecordBuilder.At(102.5), Generation = 2 });

        Check<UnaffectedServersStay>(run).Violated.Should().Be(1);
    }

    [Fact]
    public void A_second_reload_for_the_same_job_is_explained_and_one_much_later_is_not()
    {
        var soon = new RecordBuilder().Reload(RecordBuilder.Web, 100, 1);
        soon.AddSeen(soon.Now(RecordBuilder.Web) with { At = RecordBuilder.At(108), Pid = 9_999, StartedAt = RecordBuilder.At(107), Generation = 3 });
        Check<UnaffectedServersStay>(soon).Violated.Should().Be(0);

        var late = new RecordBuilder().Reload(RecordBuilder.Web, 100, 1);
        late.AddSeen(late.Now(RecordBuilder.Web) with { At = RecordBuilder.At(140), Pid = 9_999, StartedAt = RecordBuilder.At(139), Generation = 3 });
        Check<UnaffectedServersStay>(late).Violated.Should().Be(1);
    }

    [Theory]
    [InlineData("watcher")]
    [InlineData("parent")]
    public void A_server_that_changes_together_with_watcher_or_parent_is_a_violation(string victim)
    {
        var run = victim == "watcher" ? new RecordBuilder().WatcherFault(100) : new RecordBuilder().ParentFault(100);
        run.AddSeen(run.Now(RecordBuilder.Untouched) with { At = RecordBuilder.At(103), Pid = 9_999, StartedAt = RecordBuilder.At(101), Generation = 2 });

        Check<UnaffectedServersStay>(run).Violated.Should().Be(1);
    }

    [Fact]
    public void A_change_served_before_the_end_of_its_job_is_recorded_is_served() => Check<SavedChangesAreServed>(new RecordBuilder()
        .Add(new JobBegan(RecordBuilder.At(100), 1, "atomic-saves", [RecordBuilder.Web]))
        .Add(new ChangeServed(RecordBuilder.At(101), 1, RecordBuilder.Web, RecordBuilder.At(0.01)))
        .Add(new JobEnded(RecordBuilder.At(101), 1, "atomic-saves", RecordBuilder.At(1), TimeSpan.Zero, [new TouchedFiles(RecordBuilder.Web, 1)], null)))
        .Violated.Should().Be(0);

    [Fact]
    public void A_change_without_a_result_at_the_end_is_lost() => Check<SavedChangesAreServed>(
        new RecordBuilder().Reload(RecordBuilder.Web, 100, 1).Without<ChangeServed>(_ => true)).Violated.Should().Be(1);

    [Fact]
    public void The_cpu_share_of_the_watcher_is_a_mean_over_ten_seconds()
    {
        ProcessSampled Watcher(double at, double cpu) => new(RecordBuilder.At(at), "watcher", 1, 1, null, 1, 128 << 20, 1, 1, RecordBuilder.At(cpu), null);

        Check<CapsHold>(new RecordBuilder().Add(Watcher(0, 0)).Add(Watcher(2, 2)).Add(Watcher(10, 5.2))).Violated.Should().Be(0);
        Check<CapsHold>(new RecordBuilder().Add(Watcher(0, 0)).Add(Watcher(5, 3)).Add(Watcher(10, 5.9))).Violated.Should().Be(1);
    }

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0.076, 0)]
    [InlineData(0.01, 1)]
    [InlineData(23, 1)]
    public void The_second_restart_of_the_watcher_in_a_row_waits_for_a_tenth_of_a_second(double gap, int violations) =>
        Check<BackoffIsObeyed>(new RecordBuilder().WatcherFault(100).WatcherFault(105, gap: gap)).Violated.Should().Be(violations);

    [Fact]
    public void The_watchers_backoff_resets_after_30_seconds() =>
        Check<BackoffIsObeyed>(new RecordBuilder().WatcherFault(100).WatcherFault(131)).Violated.Should().Be(0);

    [Fact]
    public void The_delay_of_the_watcher_doubles()
    {
        var run = new RecordBuilder().WatcherFault(100).WatcherFault(105, gap: 0.11).WatcherFault(110, gap: 0.19).WatcherFault(115, gap: 0.39);

        Check<BackoffIsObeyed>(run).Violated.Should().Be(0);
        Check<BackoffIsObeyed>(run.WatcherFault(120, gap: 0.4)).Violated.Should().Be(1);
    }

    [Fact]
    public void A_server_must_wait_for_its_backoff_too()
    {
        Check<BackoffIsObeyed>(new RecordBuilder().ServerFault(RecordBuilder.Untouched, 100).ServerFault(RecordBuilder.Untouched, 110, backoff: 0.8)).Violated.Should().Be(0);
        Check<BackoffIsObeyed>(new RecordBuilder().ServerFault(RecordBuilder.Untouched, 100).ServerFault(RecordBuilder.Untouched, 110, backoff: 0.5)).Violated.Should().Be(1);
        Check<BackoffIsObeyed>(new RecordBuilder().ServerFault(RecordBuilder.Untouched, 100).ServerFault(RecordBuilder.Untouched, 140, backoff: 0.5)).Violated.Should().Be(0);
    }

    [Fact]
    public void A_service_is_given_up_after_five_failures_in_a_minute_and_not_before()
    {
        var run = new RecordBuilder().ServerFault(RecordBuilder.Untouched, 100).ServerFault(RecordBuilder.Untouched, 110, backoff: 1)
            .ServerFault(RecordBuilder.Untouched, 120, backoff: 2);

        Check<BackoffIsObeyed>(run.Ledger(RecordBuilder.Untouched, 130, "crash-loop", "crash", RecordBuilder.Died(130, null, 3))).Violated.Should().Be(1);

        run = new RecordBuilder().ServerFault(RecordBuilder.Untouched, 100).ServerFault(RecordBuilder.Untouched, 110, backoff: 1)
            .ServerFault(RecordBuilder.Untouched, 120, backoff: 2)
            .ServerFault(RecordBuilder.Untouched, 130, backoff: 4);
        Check<BackoffIsObeyed>(run.Ledger(RecordBuilder.Untouched, 140, "crash-loop", "crash", RecordBuilder.Died(140, null, 3))).Violated.Should().Be(0);
    }

    [Fact]
    public void A_service_that_is_never_started_again_is_a_violation() => Check<BackoffIsObeyed>(
        new RecordBuilder().ServerFault(RecordBuilder.Untouched, 100).Ledger(RecordBuilder.Untouched, 200, "failed", "crash", RecordBuilder.Died(200, null, 3)))
        .Violated.Should().Be(1);

    [Theory]
    [InlineData(12, 0)]
    [InlineData(35, 1)]
    public void A_watcher_that_hangs_is_replaced_within_30_seconds(double after, int violations)
    {
        var run = new RecordBuilder();
        run.Add(new FaultBegan(RecordBuilder.At(100), 1, "watcher-hang", FaultTarget.Watcher, null, run.WatcherPid))
            .NewWatcher(100 + after, 100 + after, RecordBuilder.Died(100 + after, "SIGKILL"));

        Check<FaultsAreRecoveredFrom>(run).Violated.Should().Be(violations);
    }

    [Fact]
    public void A_fault_that_kills_nothing_requires_no_replacement() => Check<FaultsAreRecoveredFrom>(new RecordBuilder()
        .Add(new FaultBegan(RecordBuilder.At(100), 1, "watcher-spin", FaultTarget.Watcher, null, 1))
        .Add(new FaultEnded(RecordBuilder.At(115), 1, "watcher-spin", VictimDied: false, "burnt"))).NotApplicable.Should().NotBeNull();

    [Fact]
    public void A_watcher_that_dies_without_a_fault_is_a_violation()
    {
        Check<RestartsHaveTheirCause>(new RecordBuilder().WatcherFault(100)).Violated.Should().Be(0);
        Check<RestartsHaveTheirCause>(new RecordBuilder().WatcherFault(100).Without<FaultBegan>(_ => true).Without<FaultEnded>(_ => true))
            .Violations.Should().ContainSingle().Which.What.Should().Contain("SIGABRT, and no fault targeted it");
    }

    [Theory]
    [InlineData("watcher-abort", "SIGABRT", 0)]
    [InlineData("watcher-abort", "SIGKILL", 1)]
    [InlineData("watcher-double-free", "SIGABRT", 0)]
    [InlineData("watcher-double-free", "SIGKILL", 1)]
    [InlineData("watcher-hang", "SIGKILL", 0)]
    public void A_watcher_dies_of_the_signal_of_its_fault(string fault, string signal, int violations) =>
        Check<RestartsHaveTheirCause>(new RecordBuilder().WatcherFault(100, fault, signal)).Violated.Should().Be(violations);

    [Theory]
    [InlineData("watcher-abort", "crash", 0)]
    [InlineData("watcher-abort", "hung", 1)]
    [InlineData("watcher-leak", "memory", 0)]
    public void The_watchers_ledger_must_name_the_cause_of_its_fault(string fault, string cause, int violations)
    {
        var run = new RecordBuilder();
        var victim = run.WatcherPid;
        run.WatcherFault(100, fault).Ledger("watcher", 100.04, "failed", cause, RecordBuilder.Died(100.04, "SIGABRT"), victim);

        Check<RestartsHaveTheirCause>(run).Violated.Should().Be(violations);
    }

    [Fact]
    public void A_watcher_fault_missing_in_its_ledger_is_a_violation() => Check<RestartsHaveTheirCause>(
        new RecordBuilder().Ledger("watcher", 0.1, "started", "autostart").WatcherFault(100)).Violated.Should().Be(1);

    [Theory]
    [InlineData("server-leak", "oom", 0)]
    [InlineData("server-leak", "crash", 1)]
    [InlineData("server-exit", "crash", 0)]
    [InlineData("server-exit", "oom", 1)]
    public void Only_a_server_that_leaked_may_die_of_its_memory_limit(string fault, string cause, int violations) =>
        Check<RestartsHaveTheirCause>(new RecordBuilder().ServerFault(RecordBuilder.Untouched, 100, fault, cause)).Violated.Should().Be(violations);

    [Theory]
    [InlineData("web/views.py", 0)]
    [InlineData("(something changed and changed back during its start)", 0)]
    [InlineData("web/node_modules/left-pad/index.js", 1)]
    public void A_reload_for_an_unwatched_file_is_a_violation(string file, int violations) => Check<RestartsHaveTheirCause>(
        new RecordBuilder().Reload(RecordBuilder.Web, 100, 1).Ledger(RecordBuilder.Web, 104, "reloaded", "files", files: file)).Violated.Should().Be(violations);

    [Fact]
    public void A_failure_that_no_fault_explains_is_a_violation() => Check<RestartsHaveTheirCause>(
        new RecordBuilder().ServerFault(RecordBuilder.Untouched, 100).Ledger(RecordBuilder.Untouched, 200, "failed", "crash", RecordBuilder.Died(200, null, 1), pid: 5))
        .Violated.Should().Be(1);

    [Fact]
    public void A_fault_missing_in_the_ledger_is_a_violation() => Check<RestartsHaveTheirCause>(
        new RecordBuilder().ServerFault(RecordBuilder.Untouched, 100).Without<LedgerEntrySeen>(seen => seen.HappenedAt > RecordBuilder.At(99))).Violated.Should().Be(1);

    [Fact]
    public void A_fault_during_a_reload_is_covered_by_the_entry_of_the_reload()
    {
        var run = new RecordBuilder().Reload(RecordBuilder.Web, 100, 1);
        run.Add(new FaultBegan(RecordBuilder.At(102.6), 1, "server-kill", FaultTarget.Server, RecordBuilder.Web, 1_001))
            .Add(new FaultEnded(RecordBuilder.At(102.7), 1, "server-kill", VictimDied: true, "died of SIGKILL"));

        Check<RestartsHaveTheirCause>(run).Violated.Should().Be(0);
        Check<RestartsHaveTheirCause>(run.Reload(RecordBuilder.Web, 2_000, 2)).Violated.Should().Be(0, "an hour later that still holds");
    }

    [Fact]
    public void A_manual_restart_during_a_run_is_a_violation() => Check<RestartsHaveTheirCause>(
        new RecordBuilder().ServerFault(RecordBuilder.Untouched, 100).Ledger(RecordBuilder.Untouched, 150, "started", "manual")).Violated.Should().Be(1);

    private static InvariantVerdict Check<T>(RecordBuilder run) where T : IInvariant, new()
    {
        var invariant = new T();

        foreach (var runEvent in run.Events.Append(new RunEnded(RecordBuilder.At(2_100), "done")))
            invariant.Apply(runEvent);

        return invariant.Verdict;
    }
}
