using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress.Invariants;

public sealed class HealthyServicesAnswerSpecs
{
    [Fact]
    public void A_request_in_flight_when_its_server_is_drained_may_fail() =>
        Violated(new RecordBuilder().Reload(RecordBuilder.Web, 100, 1).Add(Failed(RecordBuilder.Web, sent: 101.5, at: 102.7))).Should().Be(0);

    [Fact]
    public void A_request_may_fail_shortly_before_the_board_shows_the_drain() =>
        Violated(new RecordBuilder().Reload(RecordBuilder.Web, 100, 1).Add(Failed(RecordBuilder.Web, sent: 101.9, at: 102))).Should().Be(0);

    [Fact]
    public void A_job_does_not_excuse_a_failed_request_to_a_ready_server() => Violated(new RecordBuilder()
        .Add(new JobBegan(RecordBuilder.At(100), 1, "log-growth", [RecordBuilder.Web])).Add(Failed(RecordBuilder.Web, sent: 105, at: 105.1))
        .Add(new JobEnded(RecordBuilder.At(110), 1, "log-growth", RecordBuilder.At(10), TimeSpan.Zero, [], null))).Should().Be(1);

    [Fact]
    public void A_failure_long_before_the_drain_or_long_after_ready_is_a_violation()
    {
        Violated(new RecordBuilder().Reload(RecordBuilder.Web, 100, 1).Add(Failed(RecordBuilder.Web, sent: 99.4, at: 99.5))).Should().Be(1);
        Violated(new RecordBuilder().Reload(RecordBuilder.Web, 100, 1).Add(Failed(RecordBuilder.Web, sent: 108, at: 108.1))).Should().Be(1);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void A_server_that_is_validated_before_it_was_ready_does_not_serve(bool isReady, int violations)
    {
        var run = new RecordBuilder();
        var old = run.Now(RecordBuilder.Web);
        run.Add(new JobBegan(RecordBuilder.At(100), 1, "log-growth", [RecordBuilder.Web]))
            .AddSeen(old with { At = RecordBuilder.At(101), State = ServicePhase.Draining })
            .AddSeen(old with { At = RecordBuilder.At(102), State = ServicePhase.Starting, Pid = 7_778, StartedAt = RecordBuilder.At(102), Generation = 2 })
            .AddSeen(run.Now(RecordBuilder.Web) with { At = RecordBuilder.At(103), State = ServicePhase.Validating, IsReady = isReady })
            .Add(Failed(RecordBuilder.Web, sent: 107, at: 107.1))
            .AddSeen(run.Now(RecordBuilder.Web) with { At = RecordBuilder.At(112), State = ServicePhase.Ready, IsReady = true })
            .Add(new JobEnded(RecordBuilder.At(113), 1, "log-growth", RecordBuilder.At(13), TimeSpan.Zero, [], null));

        Violated(run).Should().Be(violations);
    }

    [Fact]
    public void The_reload_of_one_service_does_not_excuse_failures_of_another() =>
        Violated(new RecordBuilder().Reload(RecordBuilder.Web, 100, 1).Add(Failed(RecordBuilder.Untouched, sent: 102.5, at: 102.7))).Should().Be(1);

    [Fact]
    public void A_service_that_reloads_in_place_may_never_fail_a_request() =>
        Violated(new RecordBuilder().Reload(RecordBuilder.InPlace, 100, 1).Add(Failed(RecordBuilder.InPlace, sent: 102.5, at: 102.6))).Should().Be(1);

    [Fact]
    public void Faults_of_the_watcher_and_of_the_parent_excuse_nothing()
    {
        Violated(new RecordBuilder().WatcherFault(100).Add(Failed(RecordBuilder.Web, sent: 100, at: 100.1))).Should().Be(1);
        Violated(new RecordBuilder().ParentFault(100).Add(Failed(RecordBuilder.Web, sent: 101, at: 101.1))).Should().Be(1);
    }

    [Fact]
    public void Requests_to_a_hung_server_may_fail_until_the_last_has_timed_out()
    {
        var hang = new RecordBuilder()
            .Add(new FaultBegan(RecordBuilder.At(100), 1, "server-hang", FaultTarget.Server, RecordBuilder.Untouched, 1))
            .Add(Failed(RecordBuilder.Untouched, sent: 101, at: 106))
            .Add(new FaultEnded(RecordBuilder.At(104), 1, "server-hang", VictimDied: false, "went on"))
            .Add(Failed(RecordBuilder.Untouched, sent: 103.9, at: 108.9));

        Violated(hang).Should().Be(0);
        Violated(hang.Add(Failed(RecordBuilder.Untouched, sent: 109.5, at: 109.6))).Should().Be(1);
    }

    [Fact]
    public void A_reload_without_a_board_because_the_parent_was_dead_still_counts()
    {
        var run = new RecordBuilder();
        var old = run.Now(RecordBuilder.Web);
        run.Add(new JobBegan(RecordBuilder.At(100), 1, "source-burst", [RecordBuilder.Web]))
            .Add(new FaultBegan(RecordBuilder.At(101), 1, "parent-kill", FaultTarget.Parent, null, run.ParentPid))
            .Add(new JobEnded(RecordBuilder.At(101.5), 1, "source-burst", RecordBuilder.At(1.5), TimeSpan.Zero, [new TouchedFiles(RecordBuilder.Web, 1)], null))
            .Add(Failed(RecordBuilder.Web, sent: 102, at: 102.1))
            .Add(new ParentSeen(RecordBuilder.At(110), 7_777, RecordBuilder.At(109)))
            .AddSeen(old with { At = RecordBuilder.At(110.1), State = ServicePhase.Ready, Pid = 7_778, StartedAt = RecordBuilder.At(102.5), Generation = 2 });

        Violated(run).Should().Be(0);
    }

    private static RequestFailed Failed(string service, double sent, double at) =>
        new(RecordBuilder.At(at), service, RecordBuilder.At(sent), "connection refused");

    private static long Violated(RecordBuilder run)
    {
        var invariant = new HealthyServicesAnswer();

        foreach (var runEvent in run.Events.Append(new RunEnded(RecordBuilder.At(300), "done")))
            invariant.Apply(runEvent);

        return invariant.Verdict.Violated;
    }
}
