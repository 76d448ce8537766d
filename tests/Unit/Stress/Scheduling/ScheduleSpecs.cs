using Supervisor.Stress.Recording;
using Supervisor.Stress.Scheduling;

namespace Supervisor.Unit.Stress.Scheduling;

public sealed class ScheduleSpecs
{
    private static readonly Scenario Mixed = new("mixed", "", ["write", "compile", "install", "checkout"], ["kill", "hang"], TimeSpan.FromSeconds(150));
    private static readonly RunPlan Night = new("mixed", Seed: 7, TimeSpan.FromHours(8), Speed: 1, Jobs: 3, TimeSpan.FromSeconds(40));

    [Fact]
    public void A_night_of_eight_hours_has_2160_jobs_of_which_three_fall_into_every_forty_seconds()
    {
        var jobs = Schedule.Of(Night, Mixed).OfType<PlannedJob>().ToList();

        jobs.Should().HaveCount(2160);
        jobs.GroupBy(job => (int)(job.Due / Night.Period)).Should().OnlyContain(period => period.Count() == 3);
    }

    [Fact]
    public void The_same_seed_plans_the_same_night_and_another_seed_another_one()
    {
        var again = Schedule.Of(Night with { }, Mixed);

        Schedule.Of(Night, Mixed).Should().Equal(again);
        Schedule.Of(Night with { Seed = 8 }, Mixed).Should().NotEqual(again);
    }

    [Fact]
    public void Speed_compresses_the_clock_and_leaves_the_schedule_as_it_is() =>
        Schedule.Of(Night with { Speed = 60 }, Mixed).Should().Equal(Schedule.Of(Night, Mixed));

    [Fact]
    public void A_shorter_night_is_the_beginning_of_the_longer_one()
    {
        var hour = Schedule.Of(Night with { Duration = TimeSpan.FromHours(1) }, Mixed);

        Schedule.Of(Night, Mixed).Take(hour.Count).Should().Equal(hour);
    }

    [Fact]
    public void More_jobs_leave_the_faults_where_they_were() =>
        Schedule.Of(Night with { Jobs = 6 }, Mixed).OfType<PlannedFault>().Should().Equal(Schedule.Of(Night, Mixed).OfType<PlannedFault>());

    [Fact]
    public void Every_kind_of_job_comes_once_before_any_comes_again() =>
        Schedule.Of(Night, Mixed).OfType<PlannedJob>().Chunk(4).Should().OnlyContain(round => round.Select(job => job.Name).Distinct().Count() == 4);

    [Fact]
    public void Two_faults_are_never_closer_than_half_of_their_span()
    {
        var dues = Schedule.Of(Night, Mixed).OfType<PlannedFault>().Select(fault => fault.Due).ToList();

        dues.Should().HaveCount(192);
        dues.Zip(dues.Skip(1), (one, next) => next - one).Should().OnlyContain(gap => gap >= TimeSpan.FromSeconds(75));
    }

    [Fact]
    public void A_scenario_without_faults_has_none() =>
        Schedule.Of(Night, Mixed with { Faults = [] }).Should().OnlyContain(planned => planned is PlannedJob);
}
