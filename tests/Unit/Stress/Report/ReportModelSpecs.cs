using Supervisor.Stress.Recording;
using Supervisor.Stress.Report;

namespace Supervisor.Unit.Stress;

public sealed class ReportModelSpecs
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly RunEvent Began = new SyntheticRun(Second, 7).Events()[0];

    [Fact]
    public void A_record_without_its_beginning_is_refused() =>
        FluentActions.Invoking(() => ReportModel.Of([new RunEnded(Second, "done")], SyntheticRun.Verdict(0), "run.jsonl")).Should().Throw<InvalidDataException>();

    [Theory]
    [InlineData(2)]
    [InlineData(60)]
    [InlineData(480)]
    [InlineData(6000)]
    public void Every_chart_has_one_value_for_each_of_at_most_four_hundred_intervals(int minutes)
    {
        var model = Of(new RunEnded(TimeSpan.FromMinutes(minutes), "done"));

        var counts = model.Charts.SelectMany(chart => chart.Series).Select(series => series.Values.Count).Distinct().ToList();
        counts.Should().ContainSingle().Which.Should().BeLessThanOrEqualTo(400);
        (counts[0] * model.Step).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMinutes(minutes));
    }

    [Fact]
    public void The_memory_of_hosts_is_summed_and_a_vanished_process_leaves_a_gap()
    {
        var model = Of(Sample(1, "host web", 1, megabytes: 20), Sample(2, "host api", 2, megabytes: 30), Sample(2, "host web", 1, megabytes: 22), Ended(100));

        var hosts = Values(model, "Memory of the supervisor", "hosts");
        hosts[1].Should().Be(20);
        hosts[2].Should().Be(52);
        hosts[90].Should().BeNull();
    }

    [Fact]
    public void The_processor_time_of_a_process_that_was_replaced_does_not_count_for_the_next_one()
    {
        var model = Of(
            Sample(1, "parent", 1, cpu: 10), Sample(2, "parent", 1, cpu: 10.5), Sample(3, "parent", 2, cpu: 0.1), Sample(4, "parent", 2, cpu: 0.2), Ended(9));

        Values(model, "CPU of the supervisor", "parent").Should().StartWith([null, null, 50, null, 10]);
    }

    [Fact]
    public void Only_reloads_and_later_starts_count_as_restarts()
    {
        var model = Of(
            Said("started", "autostart", 1), Said("ready", "autostart", 1), Seen(1, 71), Said("reloaded", "files", 2), Said("ready", "files", 2), Seen(2, 72),
            Said("failed", "crash", 2), Said("started", "crash", 3), Seen(3, 73), Seen(4, 74), Ended(9));

        model.Services[0].Restarts.Should().BeEquivalentTo(new Dictionary<string, int>(StringComparer.Ordinal) { ["files"] = 1, ["crash"] = 1 });
        (model.Headline.Restarts, model.Headline.RestartsExplained).Should().Be((3, 2));
    }

    [Fact]
    public void A_replaced_watcher_counts_as_a_death_and_a_state_change_does_not()
    {
        var model = Of(Watcher(1, 50), Watcher(2, 50, WatcherPhase.Recovering), Watcher(3, null, WatcherPhase.Backoff), Watcher(4, 51), Ended(9));

        model.Headline.WatcherDeaths.Should().Be(1);
    }

    private static ReportModel Of(params RunEvent[] events) => ReportModel.Of([Began, .. events], SyntheticRun.Verdict(0), "run.jsonl");

    private static IReadOnlyList<double?> Values(ReportModel model, string chart, string series) =>
        model.Charts.Single(candidate => candidate.Title == chart).Series.First(candidate => candidate.Name == series).Values;

    private static RunEnded Ended(int second) => new(second * Second, "done");

    private static ProcessSampled Sample(int second, string process, int pid, int megabytes = 10, double cpu = 0) => new(
        second * Second, process, pid, (long)megabytes << 20, ProportionalBytes: null, (long)megabytes << 20, CapBytes: null, 10, 3,
        TimeSpan.FromSeconds(cpu), QueueDepth: null);

    private static LedgerEntrySeen Said(string what, string cause, int generation) =>
        new(Second, "web", Second, new LedgerEntry(SyntheticRun.Midnight, what, cause, generation, Pid: null, [], Exit: null, Detail: null, DowntimeMs: null));

    private static ServiceSeen Seen(int generation, int pid) =>
        new(generation * Second, "web", ServicePhase.Ready, Stale: false, pid, Second, 60, generation, Reason: null);

    private static WatcherSeen Watcher(int second, int? pid, WatcherPhase state = WatcherPhase.Watching) =>
        new(second * Second, state, pid, Second, 1, "inotify", Degraded: false, 0, LastExit: null);
}
