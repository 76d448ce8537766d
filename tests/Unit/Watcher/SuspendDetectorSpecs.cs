using Supervisor.Tree.Harness;
using Supervisor.Watcher;

namespace Supervisor.Unit.Watcher;

public sealed class SuspendDetectorSpecs : IDisposable
{
    private readonly SuspendDetector _suspend = new();

    [Fact]
    public void A_wait_that_ends_in_time_or_early_is_no_suspend()
    {
        _suspend.HasResumed(due: At(10), now: At(4)).Should().BeFalse();
        _suspend.HasResumed(due: At(10), now: At(10)).Should().BeFalse();
    }

    [Fact]
    public void A_busy_machine_is_no_suspend() => _suspend.HasResumed(due: At(10), now: At(12)).Should().BeFalse();

    [Fact]
    public void A_wait_that_ends_two_seconds_late_is_a_suspend() => _suspend.HasResumed(due: At(10), now: At(12.1)).Should().BeTrue();

    [Fact]
    public async Task A_stop_during_work_is_a_suspend_once_SIGCONT_arrives()
    {
        _suspend.HasResumed(due: At(1), now: At(1));
        _suspend.HasResumed(due: At(5), now: At(5)).Should().BeFalse("work may take long");

        Kill.Send(Environment.ProcessId, "CONT");

        await Wait.UntilAsync(() => _suspend.HasResumed(due: At(6), now: At(6)), "the signal is heard of");
        _suspend.HasResumed(due: At(7), now: At(7)).Should().BeFalse("it is over once");
    }

    public void Dispose() => _suspend.Dispose();

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
