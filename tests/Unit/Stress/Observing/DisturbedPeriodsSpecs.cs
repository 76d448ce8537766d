using Supervisor.Stress.Observing;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress;

public sealed class DisturbedPeriodsSpecs
{
    private readonly DisturbedPeriods _disturbed = new();

    [Fact]
    public void Without_events_there_is_no_disturbed_period() => IsDisturbed("web", 0, 1000).Should().BeFalse();

    [Theory]
    [InlineData(0, 9, false)]
    [InlineData(0, 10, true)]
    [InlineData(11, 12, true)]
    [InlineData(20, 30, true)]
    [InlineData(21, 30, false)]
    public void A_fault_disturbs_the_time_it_overlaps(double from, double to, bool disturbed)
    {
        Fault(FaultTarget.Watcher, null, began: 10, ended: 20);

        IsDisturbed("web", from, to).Should().Be(disturbed);
    }

    [Fact]
    public void An_unfinished_fault_disturbs_all_later_times()
    {
        _disturbed.Apply(new FaultBegan(At(10), 1, "watcher-hang", FaultTarget.Watcher, null, 1));

        IsDisturbed("web", 500, 600).Should().BeTrue();
    }

    [Theory]
    [InlineData(nameof(FaultTarget.Server))]
    [InlineData(nameof(FaultTarget.Host))]
    public void A_fault_of_one_service_disturbs_no_other(string target)
    {
        Fault(Enum.Parse<FaultTarget>(target), "web", began: 10, ended: 20);

        IsDisturbed("web", 15, 16).Should().BeTrue();
        IsDisturbed("api", 15, 16).Should().BeFalse();
    }

    [Fact]
    public void A_fault_of_the_parent_disturbs_every_service_even_if_it_names_one()
    {
        Fault(FaultTarget.Parent, "web", began: 10, ended: 20);

        IsDisturbed("api", 15, 16).Should().BeTrue();
    }

    [Theory]
    [InlineData(WatcherPhase.Watching, false, false)]
    [InlineData(WatcherPhase.Watching, true, true)]
    [InlineData(WatcherPhase.Backoff, false, true)]
    [InlineData(WatcherPhase.Recovering, false, true)]
    [InlineData(WatcherPhase.Crawling, true, true)]
    public void A_watcher_that_is_not_fully_watching_disturbs_all_services(WatcherPhase state, bool degraded, bool disturbed)
    {
        Watcher(10, state, degraded);
        Watcher(20, state, degraded);
        Watcher(30, WatcherPhase.Watching, degraded: false);

        IsDisturbed("web", 15, 16).Should().Be(disturbed);
        IsDisturbed("web", 31, 40).Should().BeFalse();
    }

    [Theory]
    [InlineData(ServicePhase.Backoff, true)]
    [InlineData(ServicePhase.CrashLoop, true)]
    [InlineData(ServicePhase.Starting, false)]
    [InlineData(ServicePhase.Draining, false)]
    public void A_service_that_waits_to_be_started_is_disturbed(ServicePhase state, bool disturbed)
    {
        Service(10, state);
        Service(20, ServicePhase.Ready);

        IsDisturbed("web", 15, 16).Should().Be(disturbed);
        IsDisturbed("api", 15, 16).Should().BeFalse();
        IsDisturbed("web", 21, 22).Should().BeFalse();
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private bool IsDisturbed(string service, double from, double to) => _disturbed.Overlaps(service, At(from), At(to));

    private void Fault(FaultTarget target, string? service, double began, double ended)
    {
        _disturbed.Apply(new FaultBegan(At(began), 1, "some-fault", target, service, 1));
        _disturbed.Apply(new FaultEnded(At(ended), 1, "some-fault", VictimDied: true, "died"));
    }

    private void Watcher(double at, WatcherPhase state, bool degraded) =>
        _disturbed.Apply(new WatcherSeen(At(at), state, 1, At(0), 1, "inotify", degraded, 0, LastExit: null));

    private void Service(double at, ServicePhase state) =>
        _disturbed.Apply(new ServiceSeen(At(at), "web", state, Stale: false, 1, At(0), 2, 1, Reason: null));
}
