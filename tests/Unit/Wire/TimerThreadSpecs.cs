using Supervisor.Wire;

namespace Supervisor.Unit.Wire;

public sealed class TimerThreadSpecs : IDisposable
{
    private readonly TimerThread _timers = new();

    public void Dispose() => _timers.Dispose();

    [Fact]
    public async Task What_continues_after_a_delay_runs_on_the_one_thread_of_the_clock() => await Task.Run(async () =>
    {
        var threads = new List<int>();

        for (var delay = 0; delay < 5; delay++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), _timers);
            threads.Add(Environment.CurrentManagedThreadId);
        }

        threads.Distinct().Should().ContainSingle();
        Thread.CurrentThread.IsThreadPoolThread.Should().BeFalse();
        await Task.Yield();
        Thread.CurrentThread.IsThreadPoolThread.Should().BeTrue();
    });

    [Fact]
    public async Task Timers_fire_in_the_order_of_their_times_and_never_early()
    {
        var fired = new List<(int Number, TimeSpan At)>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = _timers.GetElapsedTime(0);
        using var third = Timer(3, 90);
        using var first = Timer(1, 30);
        using var second = Timer(2, 60);
        using var end = _timers.CreateTimer(_ => last.SetResult(), null, TimeSpan.FromMilliseconds(120), Timeout.InfiniteTimeSpan);

        await last.Task.WithTimeout();

        fired.Select(entry => entry.Number).Should().Equal(1, 2, 3);
        fired.Should().AllSatisfy(entry => (entry.At - start).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(30 * entry.Number)));

        ITimer Timer(int number, int milliseconds) => _timers.CreateTimer(
            _ => fired.Add((number, _timers.GetElapsedTime(0))), null, TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public async Task A_periodic_timer_fires_again_until_it_is_disposed()
    {
        var fired = 0;
        var thrice = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = _timers.CreateTimer(
            _ =>
            {
                if (++fired == 3)
                    thrice.SetResult();
            },
            null, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5));

        await thrice.Task.WithTimeout();
        timer.Dispose();
        await Task.Delay(TimeSpan.FromMilliseconds(1), _timers);
        var then = fired;

        await Task.Delay(TimeSpan.FromMilliseconds(50), _timers);
        fired.Should().Be(then);
    }

    [Fact]
    public async Task A_timer_can_be_moved_forward_while_the_thread_waits_and_put_off_for_ever()
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = _timers.CreateTimer(_ => fired.TrySetResult(), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        var never = false;
        using var other = _timers.CreateTimer(_ => never = true, null, TimeSpan.FromMilliseconds(20), Timeout.InfiniteTimeSpan);
        other.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        timer.Change(TimeSpan.FromMilliseconds(50), Timeout.InfiniteTimeSpan);

        await fired.Task.WithTimeout();
        never.Should().BeFalse();
    }

    [Fact]
    public async Task Waiting_with_a_deadline_works_as_with_the_systems_clock()
    {
        var never = new TaskCompletionSource();
        await never.Task.Awaiting(task => task.WaitAsync(TimeSpan.FromMilliseconds(20), _timers)).Should().ThrowAsync<TimeoutException>();

        using var stopping = new CancellationTokenSource();
        var delay = Task.Delay(TimeSpan.FromHours(1), _timers, stopping.Token);
        await stopping.CancelAsync();
        await delay.Awaiting(task => task.WithTimeout()).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public void After_its_end_a_timer_can_be_made_and_changed_and_does_not_fire()
    {
        _timers.Dispose();

        using var timer = _timers.CreateTimer(_ => Assert.Fail("it fired"), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan).Should().BeFalse();
    }
}
