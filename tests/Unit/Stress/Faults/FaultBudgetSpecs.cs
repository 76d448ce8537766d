using Supervisor.Stress.Faults;

namespace Supervisor.Unit.Stress;

public sealed class FaultBudgetSpecs
{
    private readonly FaultBudget _budget = new();

    [Fact]
    public void A_service_without_failures_may_be_failed() => _budget.Refusal("web", At(0)).Should().BeNull();

    [Fact]
    public void A_fifth_failure_within_a_minute_would_be_a_crash_loop_and_is_refused()
    {
        Fail("web", 0, 10, 20, 30);

        _budget.Refusal("web", At(59)).Should().Be("service web has reached its limit of crashes for now");
        _budget.Refusal("web", At(61)).Should().BeNull("the first failure is more than a minute ago");
    }

    [Fact]
    public void A_tenth_failure_within_ten_minutes_is_refused()
    {
        Fail("web", 0, 61, 122, 183, 244, 305, 366, 427, 488);

        _budget.Refusal("web", At(590)).Should().NotBeNull();
        _budget.Refusal("web", At(601)).Should().BeNull();
    }

    [Fact]
    public void Failures_are_counted_per_service()
    {
        Fail("web", 0, 1, 2, 3);

        _budget.Refusal("api", At(4)).Should().BeNull();
    }

    [Fact]
    public void Old_failures_do_not_count()
    {
        Fail("web", 0, 1, 2, 3);
        Fail("web", 700, 701, 702);

        _budget.Refusal("web", At(703)).Should().BeNull();
    }

    private void Fail(string service, params int[] seconds)
    {
        foreach (var second in seconds)
            _budget.Spend(service, At(second));
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
