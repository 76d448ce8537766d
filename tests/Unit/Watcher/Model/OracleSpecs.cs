using Xunit.Abstractions;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>The model can fail: two defects that the watcher is designed against are found, and what they break is cut down to a few lines.</summary>
public sealed class OracleSpecs(ITestOutputHelper output)
{
    // Histories that go wrong are a matter of luck; never so much of it.
    private const int Operations = 100_000;

    private static readonly TimeSpan ShrinkTimeout = TimeSpan.FromSeconds(30);

    private static IEnumerable<int> Seeds => Enumerable.Range(1, 1_000);

    [Fact]
    public async Task The_model_finds_a_watcher_that_resumes_at_an_older_cursor_than_applied()
    {
        var run = new ModelRun(InProcessWatcher.StartAsync, Seeds, Operations, atOnce: 3, ParentDefect.ResumesWhereItAcknowledged);

        var result = await run.RunAsync();

        output.WriteLine(result.ToString());
        result.Failed.Should().NotBeNull();
    }

    [Fact]
    public async Task A_failing_history_is_shrunk_and_can_be_replayed_from_its_print()
    {
        var noise = HistoryGenerator.Make(seed: 1, length: 200).Steps.Where(step => step.Path.StartsWith("tree/", StringComparison.Ordinal)).Take(60).ToList();
        var history = new History(
            new ModelSettings(CompareMode.Content, TimeSpan.FromMilliseconds(1), HasSmallDisk: false),
            [
                .. noise.Take(40), new(OperationKind.Check), new(OperationKind.BatchOutcome, Number: (int)BatchOutcome.Unacknowledged), new(OperationKind.Write, "tree/there-for-a-while", Number: 1),
                new(OperationKind.AwaitBatch, Number: 400), new(OperationKind.Die), new(OperationKind.Delete, "tree/there-for-a-while"), .. noise.Skip(40),
            ]);

        var smallest = await new Shrinker(PlayAsync, tries: 3, ShrinkTimeout).ShrinkAsync(history);

        output.WriteLine(smallest.ToString());
        smallest.Steps.Should().HaveCountLessThan(30).And.Contain(step => step.Kind == OperationKind.Write).And.Contain(step => step.Kind == OperationKind.Delete);
        var printed = History.Parse(smallest.ToString());
        printed.Should().BeEquivalentTo(smallest);
    }

    private static Task<HistoryResult> PlayAsync(History history) =>
        HistoryRunner.PlayAsync(history, InProcessWatcher.StartAsync, ParentDefect.ResumesWhereItAcknowledged);

    [Fact]
    public async Task The_model_finds_a_watcher_that_does_not_scan_new_directories()
    {
        using var patched = await PatchedWatcher.BuildAsync(WatcherDefect.DoesNotScanNewDirectories);
        var run = new ModelRun(WatcherProcess.From(patched.Executable), Seeds, Operations, atOnce: 2);

        var result = await run.RunAsync();

        output.WriteLine(result.ToString());
        result.Failed.Should().NotBeNull().And.Subject.As<FailedHistory>().Failure.Should().ContainAny("servers do not run", "what is not on disk");
    }
}
