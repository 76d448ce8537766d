using Xunit.Abstractions;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>The model can fail: two defects that the watcher is designed against are found, and what they break is cut down to a few lines.</summary>
public sealed class OracleSpecs(ITestOutputHelper output)
{
    // Histories that go wrong are a matter of luck; never so much of it.
    private const int Operations = 100_000;

    private static readonly TimeSpan ForShrinking = TimeSpan.FromSeconds(30);

    private static IEnumerable<int> Seeds => Enumerable.Range(1, 1_000);

    [Fact]
    public async Task A_next_watcher_that_resumes_at_an_older_cursor_than_the_applied_one_is_found_and_its_history_shrunk()
    {
        var campaign = new Campaign(LoopInProcess.StartAsync, Seeds, Operations, atOnce: 3, ParentsMistake.ResumesWhereItAcknowledged);

        var result = await campaign.RunAsync();

        output.WriteLine(result.ToString());
        var failed = result.Failed.Should().NotBeNull().And.Subject.As<FailedHistory>();
        var smallest = await new Shrinker(campaign.PlayAsync, tries: 3, ForShrinking).ShrinkAsync(failed.History);
        output.WriteLine(smallest.ToString());
        smallest.Steps.Should().HaveCountLessThan(20, "a change, its batch without acknowledgement, a death and a change back are all it takes");
        History.Parse(smallest.ToString()).ToString().Should().Be(smallest.ToString(), "what is printed can be played again");
    }

    [Fact]
    public async Task A_watcher_that_does_not_look_into_new_directories_is_found()
    {
        using var patched = await PatchedWatcher.BuildAsync(WatcherDefect.DoesNotScanNewDirectories);
        var campaign = new Campaign(KilledProcess.From(patched.Executable), Seeds, Operations, atOnce: 2);

        var result = await campaign.RunAsync();

        output.WriteLine(result.ToString());
        result.Failed.Should().NotBeNull().And.Subject.As<FailedHistory>().Complaint.Should().ContainAny("servers do not run", "what is not on disk");
    }
}
