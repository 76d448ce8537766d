using Supervisor.Watcher;

namespace Supervisor.Unit.Watcher;

public sealed class StandstillSpecs
{
    private readonly Standstill _standstill = new();

    [Fact]
    public void Who_comes_back_in_time_or_early_has_not_stood_still()
    {
        _standstill.IsOver(due: At(10), now: At(4)).Should().BeFalse();
        _standstill.IsOver(due: At(10), now: At(10)).Should().BeFalse();
    }

    [Fact]
    public void A_busy_machine_is_no_standstill() => _standstill.IsOver(due: At(10), now: At(12)).Should().BeFalse();

    [Fact]
    public void Who_comes_back_two_seconds_late_has_stood_still() => _standstill.IsOver(due: At(10), now: At(12.1)).Should().BeTrue();

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
