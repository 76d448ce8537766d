using System.Diagnostics;
using Supervisor.Stress.Observing;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress;

public sealed class BoardObserverSpecs
{
    private const int NoProcess = int.MaxValue;

    private static readonly int Self = Environment.ProcessId;

    private readonly InMemoryRecord _record = new();
    private readonly BoardObserver _observer;

    public BoardObserverSpecs() => _observer = new BoardObserver(_record);

    [Fact]
    public void The_first_board_is_recorded_completely()
    {
        _observer.Observe(Board());

        _record.Events.Select(seen => seen.GetType()).Should().Equal(typeof(ParentSeen), typeof(WatcherSeen), typeof(ServiceSeen));
    }

    [Fact]
    public void An_unchanged_board_is_not_recorded()
    {
        _observer.Observe(Board());
        _observer.Observe(Board());

        _record.Events.Should().HaveCount(3);
    }

    [Fact]
    public void Only_changes_are_recorded()
    {
        _observer.Observe(Board());
        _observer.Observe(Board(state: ServicePhase.Backoff));

        _record.Events.Skip(3).Should().ContainSingle().Which.Should().BeOfType<ServiceSeen>().Which.State.Should().Be(ServicePhase.Backoff);
    }

    [Fact]
    public void A_watcher_of_another_epoch_is_recorded()
    {
        _observer.Observe(Board());
        _observer.Observe(Board(epoch: 2));

        _record.Events.Skip(3).Should().ContainSingle().Which.Should().BeOfType<WatcherSeen>().Which.Epoch.Should().Be(2);
    }

    [Fact]
    public void The_start_time_of_a_process_comes_from_the_kernel()
    {
        var began = RunClock.Read(_record).FromWall(new DateTimeOffset(Process.GetCurrentProcess().StartTime));

        _observer.Observe(Board());

        _record.Events.OfType<ParentSeen>().Single().StartedAt.Should().BeCloseTo(began, TimeSpan.FromSeconds(1.5));
        _record.Events.OfType<ServiceSeen>().Single().StartedAt.Should().Be(_record.Events.OfType<ParentSeen>().Single().StartedAt);
    }

    [Fact]
    public void The_start_time_of_a_process_that_ended_before_it_was_read_is_unknown()
    {
        _observer.Observe(Board(server: NoProcess));

        _record.Events.OfType<ServiceSeen>().Should().ContainSingle().Which.Should().Match<ServiceSeen>(seen => seen.Pid == NoProcess && seen.StartedAt == null);
    }

    [Fact]
    public async Task A_process_that_has_ended_keeps_its_start_time()
    {
        using var server = Process.Start("sleep", "60");
        _observer.Observe(Board(server: server.Id));
        server.Kill();
        await server.WaitForExitAsync();
        _observer.Observe(Board(server: server.Id));

        _record.Events.OfType<ServiceSeen>().Should().ContainSingle().Which.StartedAt.Should().NotBeNull();
    }

    private static StatusReport Board(int? server = null, ServicePhase state = ServicePhase.Ready, long epoch = 1) => new(
        new TreeStatus("supervisor.json", Self, DateTimeOffset.UnixEpoch, "1", Revision: 1),
        new WatcherStatus(WatcherPhase.Watching, Self, epoch, "inotify", 0, Degraded: false, 1, 1, 0, null, null, null, LastExit: null, WatcherPressure.None, [], ResyncCounts.None, []),
        [
            new ServiceStatus(
                "web", state, Stale: false, server ?? Self, Self, Generation: 1, 0, 0, null, null, [], null, null, LastExit: null, LastChange: null,
                Reason: null),
        ]);
}
