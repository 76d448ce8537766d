using System.Diagnostics;
using Supervisor.Stress.Observing;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Stress;

public sealed class RunClockSpecs
{
    private static readonly DateTimeOffset Noon = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RunClock Clock = new(TimeSpan.FromSeconds(100), Noon, TimeSpan.FromSeconds(5000));

    [Fact]
    public void A_wall_clock_time_is_converted_to_the_clock_of_the_run()
    {
        Clock.FromWall(Noon.AddSeconds(-40)).Should().Be(TimeSpan.FromSeconds(60));
        Clock.FromWall(Noon.ToOffset(TimeSpan.FromHours(2))).Should().Be(TimeSpan.FromSeconds(100));
    }

    [Fact]
    public void Start_ticks_are_hundredths_of_a_second_of_the_boot_clock() =>
        Clock.FromStartTicks(499_950).Should().Be(TimeSpan.FromSeconds(99.5));

    [Fact]
    public void A_process_that_began_before_the_run_has_a_negative_time() =>
        Clock.FromStartTicks(100).Should().Be(TimeSpan.FromSeconds(100 - 4999));

    [Fact]
    public async Task A_process_that_starts_now_has_the_current_time()
    {
        var record = new InMemoryRecord();
        var before = record.Now;
        using var sleeper = Process.Start("sleep", "60");
        var after = record.Now;

        var started = RunClock.Read(record).FromStartTicks(ProcStat.TryRead(sleeper.Id)!.StartTicks);

        sleeper.Kill();
        await sleeper.WaitForExitAsync();
        var tick = TimeSpan.FromMilliseconds(10);
        started.Should().BeGreaterThan(before - tick - tick).And.BeLessThan(after + tick);
    }
}
