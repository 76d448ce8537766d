using Supervisor.Stress.Observing;
using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Stress;

public sealed class ContentObserverSpecs : IAsyncLifetime
{
    private readonly InMemoryRecord _record = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ContentServer _web = new("web");
    private readonly ContentServer _api = new("api");
    private readonly ContentObserver _observer;
    private readonly Task _running;

    public ContentObserverSpecs()
    {
        var servers = new[] { _web, _api };
        foreach (var server in servers)
        {
            server.Save("a.txt", "1");
            server.Read();
        }

        var project = new ProjectTree("/nowhere", [.. servers.Select(server => server.Service)]);
        _observer = new ContentObserver(_record, project);
        _running = _observer.RunAsync(_stopping.Token);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await _web.DisposeAsync();
        await _api.DisposeAsync();
        _stopping.Dispose();
    }

    [Fact]
    public async Task A_change_is_recorded_once_the_server_has_read_it()
    {
        _observer.BeforeJob([_web.Service]);
        _web.Save("a.txt", "2");
        var ended = Ended(job: 7, _record.Now);
        _observer.AfterJob(ended, [_web.Service]);
        _web.Read();

        await Wait.UntilAsync(() => _record.Events.Count > 1, "the change is served");

        _record.Events[0].Should().BeOfType<JobEnded>().Which.Touched.Should().Equal(new TouchedFiles("web", 1));
        var served = _record.Events.Skip(1).Should().ContainSingle().Which.Should().BeOfType<ChangeServed>().Subject;
        (served.Job, served.Service).Should().Be((7, "web"));
        served.Latency.Should().Be(served.At - ended.At).And.BeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task The_wait_ends_once_everything_is_served_including_untouched_services()
    {
        _observer.BeforeJob([_web.Service]);
        _web.Save("b.txt", "1");
        _observer.AfterJob(Ended(job: 1, _record.Now), [_web.Service]);
        _api.Save("quietly.txt", "1");
        var settling = _observer.WaitUntilServedAsync(CancellationToken.None);
        _web.Read();
        await Wait.UntilAsync(() => _record.Events.OfType<ChangeServed>().Any(), "the change is served");
        settling.IsCompleted.Should().BeFalse("api does not serve what is on disk");

        _api.Read();

        await settling;
        _record.Events.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_change_that_is_never_served_is_lost()
    {
        _observer.BeforeJob([_web.Service]);
        _web.Save("a.txt", "2");
        _observer.AfterJob(Ended(job: 1, _record.Now - PendingChanges.QuietBound), [_web.Service]);

        await Wait.UntilAsync(() => _record.Events.Count > 1, "the change is recorded as lost");

        _record.Events.Skip(1).Should().ContainSingle().Which.Should().BeOfType<ChangeLost>().Which.Example.Should().StartWith("a.txt is served as ");
    }

    private static JobEnded Ended(int job, TimeSpan at) =>
        new(at, job, "save", TimeSpan.Zero, TimeSpan.Zero, Touched: [], Trouble: null);
}
