using Supervisor.Stress.Observing;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress;

/// <summary>Folders and manifests are written as "a=1 b=2": path a with hash 1.</summary>
public sealed class PendingChangesSpecs
{
    private static readonly double Quiet = PendingChanges.QuietBound.TotalSeconds;
    private static readonly double Disturbed = PendingChanges.DisturbedBound.TotalSeconds;

    private readonly DisturbedPeriods _disturbed = new();
    private readonly PendingChanges _web = new("web", Files("a=1 b=1"));

    [Fact]
    public void At_the_beginning_nothing_is_pending() => _web.IsPending.Should().BeFalse();

    [Fact]
    public void A_change_is_served_when_a_server_is_seen_that_has_read_it()
    {
        Job(1, "a=2 b=1", ends: 10).Should().Be(1);

        Observe(11, "a=1 b=1").Should().BeEmpty();
        Observe(12, "a=2 b=1").Should().Equal(Served(12, job: 1, latency: 2));
        _web.IsPending.Should().BeFalse();
    }

    [Theory]
    [InlineData("a=1", 1)]
    [InlineData("a=1 b=1 c=1", 1)]
    [InlineData("a=2 b=2", 2)]
    [InlineData("c=7", 3)]
    [InlineData("a=1 b=1", 0)]
    public void Deleted_created_and_changed_files_are_counted_and_pending(string left, int changed)
    {
        Job(1, left, ends: 10).Should().Be(changed);

        Observe(11, left).Should().HaveCount(changed > 0 ? 1 : 0).And.AllBeOfType<ChangeServed>();
        _web.IsPending.Should().BeFalse();
    }

    [Fact]
    public void A_change_is_not_served_before_its_last_path_is()
    {
        Job(1, "a=2 c=1", ends: 10);

        Observe(11, "a=2 b=1 c=1").Should().BeEmpty("b is served although it is gone");
        Observe(12, "a=2 c=1").Should().Equal(Served(12, job: 1, latency: 2));
    }

    [Fact]
    public void A_read_that_began_before_the_end_of_the_job_may_show_the_change_at_once()
    {
        Job(1, "a=2 b=1", ends: 10);

        Observe(9.99, "a=2 b=1").Should().Equal(Served(9.99, job: 1, latency: 0));
    }

    [Fact]
    public void A_change_that_is_never_served_is_lost_at_its_deadline_and_recorded_once()
    {
        Job(1, "a=2 b=1", ends: 10);

        Observe(10 + Quiet, "a=1 b=1").Should().BeEmpty();
        Observe(10.1 + Quiet, "a=1 b=1").Should().Equal(Lost(10.1 + Quiet, job: 1, waited: 0.1 + Quiet, "a is served as 1, on disk it is 2"));
        _web.IsPending.Should().BeFalse();
        Observe(300, "a=1 b=1").Should().BeEmpty();
    }

    [Theory]
    [InlineData("b=1", "a=1 b=1", "a is served as 1 and gone from disk")]
    [InlineData("a=1 b=1 c=3", "a=1 b=1", "c is not served, on disk it is 3")]
    [InlineData("a=2 b=2", "a=2 b=1", "b is served as 1, on disk it is 2")]
    [InlineData("a=2 b=1", null, "a is not served: connection refused")]
    public void The_example_of_a_lost_change_names_the_difference(string left, string? served, string example)
    {
        Job(1, left, ends: 0);

        Observe(1 + Quiet, served).Should().ContainSingle().Which.Should().BeOfType<ChangeLost>().Which.Example.Should().Be(example);
    }

    [Fact]
    public void A_fault_extends_the_deadline()
    {
        Fault(began: 12, ended: 13);
        Job(1, "a=2 b=1", ends: 10);

        Observe(9 + Disturbed, "a=1 b=1").Should().BeEmpty();
        Observe(11 + Disturbed, "a=1 b=1").Should().ContainSingle().Which.Should().BeOfType<ChangeLost>();
    }

    [Fact]
    public void A_fault_that_was_over_before_the_job_ended_does_not_extend_the_deadline()
    {
        Fault(began: 7, ended: 8);
        Job(1, "a=2 b=1", ends: 10);

        Observe(11 + Quiet, "a=1 b=1").Should().ContainSingle().Which.Should().BeOfType<ChangeLost>();
    }

    [Fact]
    public void A_path_that_a_later_job_also_changes_belongs_to_the_later_one()
    {
        Job(1, "a=2 b=2", ends: 10);
        Job(2, "a=3 b=2", ends: 12);

        Observe(13, "a=1 b=2").Should().Equal(Served(13, job: 1, latency: 3));
        Observe(14, "a=3 b=2").Should().Equal(Served(14, job: 2, latency: 2));
    }

    [Fact]
    public void A_change_overwritten_by_a_later_job_is_served_with_it_and_counts_from_its_own_end()
    {
        Job(1, "a=2 b=1", ends: 10);
        Job(2, "a=3 b=1", ends: 12);
        Job(3, "a=4 b=1", ends: 14);

        Observe(15, "a=3 b=1").Should().BeEmpty("what the second wrote is not on disk any more");
        Observe(16, "a=4 b=1").Should().Equal(Served(16, 1, latency: 6), Served(16, 2, latency: 4), Served(16, 3, latency: 2));
    }

    [Fact]
    public void A_change_overwritten_by_two_later_jobs_waits_for_both()
    {
        Job(1, "a=2 b=2", ends: 10);
        Job(2, "a=3 b=2", ends: 11);
        Job(3, "a=3 b=3", ends: 12);

        Observe(13, "a=3 b=1").Should().Equal(Served(13, 2, latency: 2));
        Observe(14, "a=3 b=3").Should().Equal(Served(14, 1, latency: 4), Served(14, 3, latency: 2));
    }

    [Fact]
    public void A_change_overwritten_by_a_later_job_is_lost_with_it()
    {
        Job(1, "a=2 b=1", ends: 10);
        Job(2, "a=3 b=1", ends: 20);

        Observe(15 + Quiet, "a=1 b=1").Should().BeEmpty("the later one has time yet");
        Observe(21 + Quiet, "a=1 b=1").OfType<ChangeLost>().Select(lost => (lost.Job, lost.Waited))
            .Should().Equal((1, At(11 + Quiet)), (2, At(1 + Quiet)));
    }

    [Fact]
    public void A_job_that_undoes_an_unserved_change_leaves_nothing_pending()
    {
        Job(1, "a=2 b=1", ends: 10);
        Job(2, "a=1 b=1", ends: 11);

        Observe(12, "a=1 b=1").Should().Equal(Served(12, 1, latency: 2), Served(12, 2, latency: 1));
    }

    [Fact]
    public void While_a_job_runs_nothing_is_lost_and_after_it_the_deadline_restarts()
    {
        Job(1, "a=2 b=1", ends: 10);
        _web.JobBegan();

        Observe(50, "a=9 b=1").Should().BeEmpty("the job may have written that");

        _web.JobEnded(2, Files("a=2 b=1"), At(60)).Should().Be(0);
        Observe(59 + Quiet, "a=9 b=1").Should().BeEmpty();
        Observe(61 + Quiet, "a=9 b=1").OfType<ChangeLost>().Should().Equal(
            new ChangeLost(At(61 + Quiet), 1, "web", At(51 + Quiet), "a is served as 9, on disk it is 2"));
    }

    [Fact]
    public void A_change_may_be_served_while_the_next_job_runs()
    {
        Job(1, "a=2 b=1", ends: 10);
        _web.JobBegan();

        Observe(11, "a=2 b=1").Should().Equal(Served(11, 1, latency: 1));
    }

    [Fact]
    public void After_a_job_that_restores_everything_the_restored_content_must_be_served()
    {
        Job(1, "a=1 b=1", ends: 10).Should().Be(0);

        Observe(11, "a=1 b=1 meanwhile=1").Should().BeEmpty();
        _web.IsPending.Should().BeTrue();
        Observe(11 + Quiet, "a=1 b=1 meanwhile=1").Should().Equal(
            Lost(11 + Quiet, 1, 1 + Quiet, "meanwhile is served as 1 and gone from disk"));
        _web.IsPending.Should().BeFalse();
    }

    [Fact]
    public void A_job_that_restores_everything_is_not_recorded_as_served()
    {
        Job(1, "a=1 b=1", ends: 10);

        Observe(11, "a=1 b=1").Should().BeEmpty();
        _web.IsPending.Should().BeFalse();
    }

    [Fact]
    public void A_dead_server_is_one_lost_change()
    {
        Job(1, "a=2 b=1", ends: 10);

        Observe(11 + Quiet, null).Should().ContainSingle();
        Observe(12 + Disturbed, null).Should().BeEmpty();
    }

    [Fact]
    public void A_lost_path_is_not_lost_again_by_a_job_that_did_not_change_it()
    {
        Job(1, "a=2 b=1", ends: 10);
        Observe(11 + Quiet, "a=1 b=1").Should().ContainSingle();
        Job(2, "a=2 b=2", ends: 50);

        Observe(51, "a=1 b=2").Should().Equal(Served(51, 2, latency: 1));
        Observe(51 + Quiet, "a=1 b=2").Should().BeEmpty();
        _web.IsPending.Should().BeFalse();
    }

    [Fact]
    public void At_the_end_an_untouched_service_must_serve_what_is_on_disk()
    {
        _web.ExpectAll(0, Files("a=1 b=1"), At(100));

        Observe(101, "a=1 b=1").Should().BeEmpty();
        _web.IsPending.Should().BeFalse();
    }

    [Fact]
    public void At_the_end_a_difference_is_lost_without_a_job()
    {
        _web.ExpectAll(0, Files("a=1 b=1"), At(100));

        Observe(101 + Quiet, "a=1 b=7").Should().Equal(Lost(101 + Quiet, 0, 1 + Quiet, "b is served as 7, on disk it is 1"));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static Dictionary<string, string> Files(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private static ChangeServed Served(double at, int job, double latency) => new(At(at), job, "web", At(at) - At(at - latency));

    private static ChangeLost Lost(double at, int job, double waited, string example) => new(At(at), job, "web", At(at) - At(at - waited), example);

    private int Job(int number, string left, double ends)
    {
        _web.JobBegan();
        return _web.JobEnded(number, Files(left), At(ends));
    }

    private IReadOnlyList<RunEvent> Observe(double at, string? served) => _web.Observe(
        new ContentSnapshot(At(at), served is null ? null : Files(served), served is null ? "connection refused" : null), _disturbed);

    private void Fault(double began, double ended)
    {
        _disturbed.Apply(new FaultBegan(At(began), 1, "watcher-abort", FaultTarget.Watcher, Service: null, 1));
        _disturbed.Apply(new FaultEnded(At(ended), 1, "watcher-abort", VictimDied: true, "died"));
    }
}
