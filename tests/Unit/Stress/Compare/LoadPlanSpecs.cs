using Supervisor.Stress.Compare;
using Supervisor.Stress.Jobs;

namespace Supervisor.Unit.Stress;

public sealed class LoadPlanSpecs
{
    [Fact]
    public void The_same_seed_plans_the_same_load() => LoadPlan.Make(ComparePlan.Standard).Should().Equal(LoadPlan.Make(ComparePlan.Standard));

    [Fact]
    public void Each_kind_of_job_runs_once_before_any_runs_twice() =>
        LoadPlan.Make(ComparePlan.Standard).Take(LoadPlan.Jobs.Count).Select(planned => planned.Job).Should().BeEquivalentTo(LoadPlan.Jobs);

    [Fact]
    public void It_names_existing_jobs() => LoadPlan.Jobs.Should().BeSubsetOf(JobCatalogue.All.Select(job => job.Name));

    [Fact]
    public void It_lasts_as_long_as_planned() =>
        LoadPlan.Make(ComparePlan.Standard with { Load = TimeSpan.FromSeconds(9), Period = TimeSpan.FromSeconds(3) })
            .Select(planned => planned.At.TotalSeconds).Should().Equal(0, 3, 6);
}
