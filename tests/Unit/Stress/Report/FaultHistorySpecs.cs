using Supervisor.Stress.Recording;
using Supervisor.Stress.Report;

namespace Supervisor.Unit.Stress;

public sealed class FaultHistorySpecs
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_killed_watcher_has_recovered_when_another_one_is_watching()
    {
        var fault = Of(
            Watcher(1, 50), Began(2, FaultTarget.Watcher, null, 50), Ended(3, victimDied: true), Watcher(4, 51, WatcherPhase.Crawling), Watcher(6, 51));

        fault.Recovered.Should().Be(4 * Second);
    }

    [Fact]
    public void A_board_that_still_shows_the_victim_is_no_recovery()
    {
        var fault = Of(Watcher(1, 50), Began(2, FaultTarget.Watcher, null, 50), Ended(3, victimDied: true), Watcher(4, 50));

        fault.Recovered.Should().BeNull();
    }

    [Fact]
    public void A_hang_has_recovered_when_it_ends() =>
        Of(Server(1, "web", 70), Began(2, FaultTarget.Server, "web", 70), Ended(5, victimDied: false)).Recovered.Should().Be(3 * Second);

    [Fact]
    public void The_restart_of_another_service_is_no_recovery() =>
        Of(Began(2, FaultTarget.Server, "web", 70), Ended(3, victimDied: true), Server(4, "api", 80)).Recovered.Should().BeNull();

    [Fact]
    public void A_killed_host_has_recovered_when_its_server_is_ready_under_another_host()
    {
        var fault = Of(Began(2, FaultTarget.Host, "web", 60), Ended(2, victimDied: true), Server(3, "web", 71, host: 60), Server(7, "web", 72, host: 61));

        fault.Recovered.Should().Be(5 * Second);
    }

    [Fact]
    public void A_fault_of_one_server_disturbs_only_its_own_changes_and_only_until_it_is_recovered_from()
    {
        var fault = new FaultRow(
            10 * Second, "server-crash", FaultTarget.Server, "web", Skipped: false, VictimDied: true, "died", Recovered: 2 * Second);

        fault.Disturbs("web", 9 * Second, 11 * Second).Should().BeTrue();
        fault.Disturbs("api", 9 * Second, 11 * Second).Should().BeFalse();
        fault.Disturbs("web", 8 * Second, 9 * Second).Should().BeFalse();
        fault.Disturbs("web", 13 * Second, 14 * Second).Should().BeFalse();
    }

    [Fact]
    public void Changes_during_a_fault_are_separate_from_undisturbed_ones()
    {
        FaultRow fault = new(10 * Second, "watcher-abort", FaultTarget.Watcher, Service: null, Skipped: false, VictimDied: true, "died", 2 * Second);

        var report = LatencyReport.Of(
            [new ChangeServed(5 * Second, 1, "web", Second / 2), new ChangeServed(12 * Second, 2, "web", 3 * Second), new ChangeServed(20 * Second, 3, "web", Second / 2)],
            [fault]);

        (report.Undisturbed.Count, report.Disturbed.Count, report.All.Count).Should().Be((2, 1, 3));
        report.Undisturbed.Bins.Should().HaveCount(report.Edges.Count - 1);
        report.Undisturbed.Bins.Sum().Should().Be(2);
        report.Disturbed.Longest.Should().Be(3 * Second);
    }

    private static FaultRow Of(params RunEvent[] events)
    {
        var history = new FaultHistory();
        foreach (var runEvent in events)
            history.Apply(runEvent);

        return history.Rows.Single();
    }

    private static FaultBegan Began(int second, FaultTarget target, string? service, int pid) => new(second * Second, 1, "a-fault", target, service, pid);

    private static FaultEnded Ended(int second, bool victimDied) => new(second * Second, 1, "a-fault", victimDied, "as it went");

    private static WatcherSeen Watcher(int second, int pid, WatcherPhase state = WatcherPhase.Watching) =>
        new(second * Second, state, pid, Second, 1, "inotify", Degraded: false, 0, LastExit: null);

    private static ServiceSeen Server(int second, string service, int pid, int host = 60) =>
        new(second * Second, service, ServicePhase.Ready, Stale: false, pid, Second, host, 1, Reason: null);
}
