using Supervisor.Watcher.Crawling;

namespace Supervisor.Unit.Watcher.Crawling;

public sealed class CrawlPacingSpecs
{
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(1);

    [Fact]
    public void The_first_crawl_starts_at_once() => RecrawlBackoff.None.Earliest.Should().Be(TimeSpan.Zero);

    [Fact]
    public void Crawls_in_a_row_wait_twice_as_long_each_time_up_to_five_seconds()
    {
        var pace = RecrawlBackoff.None;
        var waits = new List<double>();

        for (var i = 0; i < 8; i++)
        {
            pace = pace.Begun(Start).Finished(Start);
            waits.Add((pace.Earliest - Start).TotalMilliseconds);
        }

        waits.Should().Equal(100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000);
    }

    [Fact]
    public void Ten_quiet_seconds_reset_the_backoff()
    {
        var pace = RecrawlBackoff.None.Finished(Start).Finished(Start);

        pace.Begun(Start + TimeSpan.FromSeconds(9)).Should().Be(pace);
        pace.Begun(Start + TimeSpan.FromSeconds(10)).Should().Be(RecrawlBackoff.None);
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(10, 200)]
    [InlineData(100, 2_000)]
    public void Polling_takes_a_twentieth_of_the_time_at_most(int took, int pause) =>
        PollInterval.Pause(TimeSpan.FromMilliseconds(took), PollInterval.Shortest).Should().Be(TimeSpan.FromMilliseconds(pause));

    [Fact]
    public async Task A_loop_that_is_preempted_between_two_clock_reads_goes_on()
    {
        using var tree = new WatchedTree();
        var parent = new ModelParent(tree.Root);
        await using var watcher = RunningWatcher.Start(tree, parent, time: new BusyMachineClock());
        await watcher.FlushAsync();

        for (var i = 0; i < 50; i++)
        {
            tree.Write("f", $"{i}");
            await parent.ReportedAsync(tree["f"]);
            parent.Forget();
        }
    }

    /// <summary>By every second look, 7 ms have passed.</summary>
    private sealed class BusyMachineClock : TimeProvider
    {
        private long _statWorkers;

        public override long GetTimestamp() => base.GetTimestamp() + (TimestampFrequency * 7 * (Interlocked.Increment(ref _statWorkers) / 2) / 1000);
    }
}
