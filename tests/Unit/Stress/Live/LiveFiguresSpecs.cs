using Supervisor.Stress.Live;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress;

public sealed class LiveFiguresSpecs
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_compressed_run_distinguishes_schedule_time_and_real_time()
    {
        var figures = Of(Began(TimeSpan.FromHours(8), speed: 60));

        figures.Scheduled(TimeSpan.FromMinutes(2)).Should().Be(TimeSpan.FromHours(2));
        figures.Left(TimeSpan.FromMinutes(2)).Should().Be(TimeSpan.FromMinutes(6));
        figures.Progress(TimeSpan.FromMinutes(2)).Should().Be(0.25);
    }

    [Fact]
    public void A_run_that_takes_longer_than_its_schedule_has_no_time_left_and_is_at_100_percent()
    {
        var figures = Of(Began(TimeSpan.FromMinutes(1), speed: 1));

        figures.Left(TimeSpan.FromMinutes(2)).Should().Be(TimeSpan.Zero);
        figures.Progress(TimeSpan.FromMinutes(2)).Should().Be(1);
    }

    [Fact]
    public void Before_the_tree_is_up_the_remaining_time_is_unknown() => new LiveFigures().Left(Second).Should().BeNull();

    [Fact]
    public void A_job_is_running_until_it_has_ended()
    {
        var figures = Of(
            new JobBegan(Second, 1, "write-burst", ["web"]), new JobBegan(Second, 2, "git-checkout", ["api"]),
            new JobEnded(2 * Second, 1, "write-burst", Second, TimeSpan.Zero, [], Trouble: null), new JobSkipped(2 * Second, 3, "compile", "no gcc"));

        (figures.JobsRunning, figures.JobsDone, figures.JobsSkipped).Should().Be((1, 1, 1));
    }

    [Fact]
    public void The_outcome_of_a_fault_appears_on_its_existing_line()
    {
        var figures = Of(
            new FaultBegan(Second, 1, "watcher-abort", FaultTarget.Watcher, Service: null, 17),
            new FaultBegan(Second, 2, "server-crash", FaultTarget.Server, "web", 18),
            new FaultEnded(2 * Second, 1, "watcher-abort", VictimDied: true, "died of SIGABRT"));

        figures.RecentFaults.Select(line => (line.Name, line.Outcome))
            .Should().Equal(("server-crash", null), ("watcher-abort", "died of SIGABRT"));
    }

    [Fact]
    public void Of_a_thousand_faults_only_the_newest_are_kept()
    {
        var figures = Of([.. Enumerable.Range(0, 1000).Select(n => new FaultSkipped(n * Second, n, "host-kill", "no victim"))]);

        figures.RecentFaults.Should().HaveCountLessThan(100);
        figures.RecentFaults.First().Fault.Should().Be(999);
        figures.FaultsSkipped.Should().Be(1000);
    }

    [Fact]
    public void The_quantiles_of_the_latencies_are_latencies_that_were_measured()
    {
        var figures = Of([.. Enumerable.Range(1, 100).Reverse().Select(n => new ChangeServed(n * Second, n, "web", n * Second))]);

        figures.ChangesServed.Quantile(0.5).Should().Be(50 * Second);
        figures.ChangesServed.Quantile(0.99).Should().Be(99 * Second);
        figures.ChangesServed.Longest.Should().Be(100 * Second);
    }

    [Fact]
    public void Watcher_deaths_are_counted_across_parents()
    {
        var figures = Of(Watcher(50, 0), Watcher(null, 1), Watcher(51, 1), Watcher(51, 1), Watcher(52, 0));

        figures.WatcherDeaths.Should().Be(2);
    }

    private static WatcherSeen Watcher(int? pid, int restarts) =>
        new(Second, WatcherPhase.Watching, pid, Second, 1, "inotify", Degraded: false, restarts, LastExit: null);

    private static LiveFigures Of(params RunEvent[] events)
    {
        var figures = new LiveFigures();
        foreach (var runEvent in events)
            figures.Apply(runEvent);

        return figures;
    }

    private static RunBegan Began(TimeSpan duration, double speed) =>
        (RunBegan)new SyntheticRun(TimeSpan.FromMinutes(1), 7).Events()[0] with
        {
            Plan = new RunPlan("night", 7, duration, speed, 3, TimeSpan.FromSeconds(40)),
        };
}
