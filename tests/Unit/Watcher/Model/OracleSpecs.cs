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
    public async Task A_next_watcher_that_resumes_at_an_older_cursor_than_the_applied_one_is_found()
    {
        var campaign = new Campaign(LoopInProcess.StartAsync, Seeds, Operations, atOnce: 3, ParentsMistake.ResumesWhereItAcknowledged);

        var result = await campaign.RunAsync();

        output.WriteLine(result.ToString());
        result.Failed.Should().NotBeNull();
    }

    [Fact]
    public async Task What_fails_is_cut_down_to_the_steps_that_matter_and_can_be_played_again_from_its_print()
    {
        var noise = HistoryMaker.Make(seed: 1, length: 200).Steps.Where(step => step.Path.StartsWith("tree/", StringComparison.Ordinal)).Take(60).ToList();
        var history = new History(
            new Terms(CompareMode.Content, TimeSpan.FromMilliseconds(1), HasSmallDisk: false),
            [
                .. noise.Take(40), new(Act.Check), new(Act.Fate, Number: (int)Fate.Unacknowledged), new(Act.Write, "tree/there-for-a-while", Number: 1),
                new(Act.AwaitBatch, Number: 400), new(Act.Die), new(Act.Delete, "tree/there-for-a-while"), .. noise.Skip(40),
            ]);

        var smallest = await new Shrinker(PlayAsync, tries: 3, ForShrinking).ShrinkAsync(history);

        output.WriteLine(smallest.ToString());
        smallest.Steps.Should().HaveCountLessThan(30).And.Contain(step => step.Act == Act.Write).And.Contain(step => step.Act == Act.Delete);
        var printed = History.Parse(smallest.ToString());
        printed.Should().BeEquivalentTo(smallest);
    }

    private static Task<Outcome> PlayAsync(History history) =>
        Player.PlayAsync(history, LoopInProcess.StartAsync, ParentsMistake.ResumesWhereItAcknowledged);

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
