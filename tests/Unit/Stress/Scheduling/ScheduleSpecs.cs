using Supervisor.Stress.Recording;
using Supervisor.Stress.Scheduling;

namespace Supervisor.Unit.Stress.Scheduling;

public sealed class ScheduleSpecs
{
    private static readonly Scenario Mixed = new("mixed", "", ["write", "compile", "install", "checkout"], ["kill", "hang"], TimeSpan.FromSeconds(150));
    private static readonly RunPlan Night = new("mixed", Seed: 7, TimeSpan.FromHours(8), Speed: 1, Jobs: 3, TimeSpan.FromSeconds(40));

    [Fact]
    public void Eight_hours_have_2160_jobs_three_in_each_forty_seconds()
    {
        var jobs = Schedule.Of(Night, Mixed).OfType<PlannedJob>().ToList();

        jobs.Should().HaveCount(2160);
        jobs.GroupBy(job => (int)(job.Due / Night.Period)).Should().OnlyContain(period => period.Count() == 3);
    }

    [Fact]
    public void The_same_seed_gives_the_same_schedule_and_another_seed_a_different_one()
    {
        var again = Schedule.Of(Night with { }, Mixed);

        Schedule.Of(Night, Mixed).Should().Equal(again);
        Schedule.Of(Night with { Seed = 8 }, Mixed).Should().NotEqual(again);
    }

    [Fact]
    public void Speed_shortens_the_run_and_does_not_change_the_schedule() =>
        Schedule.Of(Night with { Speed = 60 }, Mixed).Should().Equal(Schedule.Of(Night, Mixed));

    [Fact]
    public void A_shorter_schedule_is_the_beginning_of_the_longer_one()
    {
        var hour = Schedule.Of(Night with { Duration = TimeSpan.FromHours(1) }, Mixed);

        Schedule.Of(Night, Mixed).Take(hour.Count).Should().Equal(hour);
    }

    [Fact]
    public void More_jobs_do_not_move_the_faults() =>
        Schedule.Of(Night with { Jobs = 6 }, Mixed).OfType<PlannedFault>().Should().Equal(Schedule.Of(Night, Mixed).OfType<PlannedFault>());

    [Fact]
    public void Every_kind_of_job_runs_once_before_any_runs_again() =>
        Schedule.Of(Night, Mixed).OfType<PlannedJob>().Chunk(4).Should().OnlyContain(round => round.Select(job => job.Name).Distinct().Count() == 4);

    [Fact]
    public void Two_faults_are_at_least_half_a_period_apart()
    {
        var dues = Schedule.Of(Night, Mixed).OfType<PlannedFault>().Select(fault => fault.Due).ToList();

        dues.Should().HaveCount(192);
        dues.Zip(dues.Skip(1), (one, next) => next - one).Should().OnlyContain(gap => gap >= TimeSpan.FromSeconds(75));
    }

    [Fact]
    public void A_scenario_without_faults_has_none() =>
        Schedule.Of(Night, Mixed with { Faults = [] }).Should().OnlyContain(planned => planned is PlannedJob);
}
