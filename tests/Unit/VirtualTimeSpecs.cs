namespace Supervisor.Unit;

public class VirtualTimeSpecs
{
    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times_with_the_clock_at_each()
    {
        var time = new VirtualTime();
        var seen = new List<(string Who, TimeSpan At)>();
        using var late = time.CreateTimer(_ => seen.Add(("late", time.Elapsed)), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        using var often = time.CreateTimer(_ => seen.Add(("often", time.Elapsed)), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        time.Advance(TimeSpan.FromSeconds(3));

        seen.Select(entry => (entry.Who, entry.At.TotalSeconds)).Should().Equal(("often", 1), ("late", 2), ("often", 3));
        time.GetUtcNow().Should().Be(VirtualTime.Noon + TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_delay_ends_only_when_its_time_has_come()
    {
        var time = new VirtualTime();
        var delay = Task.Delay(TimeSpan.FromMinutes(1), time);
        await time.ArmedAsync();

        time.Advance(TimeSpan.FromSeconds(59));
        delay.IsCompleted.Should().BeFalse();

        time.Advance(TimeSpan.FromSeconds(1));
        await delay;
    }
}
