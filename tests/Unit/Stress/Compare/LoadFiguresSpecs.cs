using Supervisor.Stress.Compare;

namespace Supervisor.Unit.Stress;

public sealed class LoadFiguresSpecs
{
    private static readonly Answer Before = new(10, "before");
    private static readonly Answer After = new(11, "after");
    private static readonly Answer Later = new(12, "later");

    [Fact]
    public void A_change_is_served_by_the_first_answer_that_contains_it()
    {
        var figures = Figures([Change(at: 2, "after")], At(1, Before), At(2.5, Before), At(3, After), At(4, After));

        (figures.Missed, figures.Late).Should().Be((0, 0));
        figures.Latencies.Should().Equal(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_change_that_no_answer_contains_is_missed() =>
        Figures([Change(at: 2, "after")], At(1, Before), At(20, Before)).Missed.Should().Be(1);

    [Fact]
    public void A_change_that_is_served_after_its_deadline_is_missed() =>
        Figures([Change(at: 2, "after")], At(1, Before), At(17.1, After)).Missed.Should().Be(1);

    [Fact]
    public void A_change_that_is_served_only_with_the_next_one_is_late()
    {
        var figures = Figures([Change(at: 2, "after"), Change(at: 6, "later")], At(1, Before), At(5, Before), At(7, Later));

        (figures.Missed, figures.Late).Should().Be((0, 1));
        figures.Latencies.Should().Equal(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_change_of_another_service_does_not_count() =>
        Figures([Change(at: 2, "after", service: "still")], At(1, Before), At(3, After)).Missed.Should().Be(1);

    [Fact]
    public void A_restart_with_unchanged_content_is_needless()
    {
        var figures = Figures([], At(1, Before), At(2, new Answer(11, "before")), At(3, After with { Pid = 12 }));

        (figures.Restarts, figures.Needless).Should().Be((2, 1));
    }

    [Fact]
    public void A_failed_request_between_two_servers_hides_no_restart() =>
        Figures([], At(1, Before), At(2, answer: null), At(3, After)).Restarts.Should().Be(1);

    [Fact]
    public void An_outage_lasts_from_the_first_failed_request_to_the_next_answer()
    {
        var figures = Figures([], At(1, Before), At(2, answer: null), At(3, answer: null), At(4, After), At(5, After), At(6, answer: null), At(8, Later));

        figures.Outages.Should().Equal(TimeSpan.FromSeconds(2.1), TimeSpan.FromSeconds(2.1));
        figures.Downtime.Should().Be(TimeSpan.FromSeconds(4.2));
    }

    [Fact]
    public void An_outage_without_an_end_is_counted_to_the_last_request() =>
        Figures([], At(1, Before), At(2, answer: null), At(4, answer: null)).Outages.Should().Equal(TimeSpan.FromSeconds(2.1));

    [Fact]
    public void The_untouched_service_is_counted_separately()
    {
        var samples = new Dictionary<string, IReadOnlyList<Sample>>(StringComparer.Ordinal)
        {
            ["web"] = [At(1, Before)],
            ["still"] = [At(1, Before), At(2, answer: null), At(3, After)],
        };

        var figures = LoadFigures.From([], samples, untouched: "still");

        figures.Untouched.Should().Be(new UntouchedFigures(Requests: 3, Failed: 1, Restarts: 1));
        (figures.Restarts, figures.Downtime).Should().Be((0, TimeSpan.Zero));
    }

    private static LoadFigures Figures(IReadOnlyList<Change> changes, params Sample[] samples) => LoadFigures.From(
        changes, new Dictionary<string, IReadOnlyList<Sample>>(StringComparer.Ordinal) { ["web"] = samples, ["still"] = [] }, untouched: "still");

    /// <summary>An answer at that second, a tenth of a second after its request.</summary>
    private static Sample At(double seconds, Answer? answer) =>
        new(TimeSpan.FromSeconds(seconds) - TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(seconds), answer);

    private static Change Change(double at, string digest, string service = "web") =>
        new(service, TimeSpan.FromSeconds(at), 1, "source-burst", digest);
}
