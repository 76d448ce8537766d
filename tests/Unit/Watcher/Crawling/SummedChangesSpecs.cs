using Supervisor.Tree.Harness;
using Supervisor.Unit.Watcher.Delivery;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>More changes than are remembered one by one, while nothing can be sent: their sums are told, and the log is begun anew.</summary>
public sealed class SummedChangesSpecs : IDisposable
{
    private const int Files = 1_000;
    private static readonly SourceLimits Small = new(PendingChanges: 100);
    private readonly WatchedTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task Summed_changes_are_counted_and_the_next_watcher_adds_none()
    {
        var parent = new ModelParent(_tree.Root);
        await using (var watcher = await HeldAsync(parent))
        {
            await MakeAllAsync(parent);
            await watcher.HoldAsync(held: false);
            await watcher.FlushAsync();

            // One that was looked at between its creation and its content counts as two.
            Told(parent).Should().BeGreaterThanOrEqualTo(Files);
            Differences(watcher, parent).Should().BeEmpty();
        }

        var told = Told(parent);
        await using var next = RunningWatcher.Start(_tree, parent, Small);
        await next.FlushAsync();

        Told(parent).Should().Be(told);
    }

    [Fact]
    public async Task A_watcher_that_dies_with_summed_changes_leaves_them_to_the_next_one()
    {
        var parent = new ModelParent(_tree.Root);
        await using (await HeldAsync(parent))
            await MakeAllAsync(parent);

        Told(parent).Should().Be(0);

        await using var next = RunningWatcher.Start(_tree, parent, Small);
        await next.FlushAsync();

        Told(parent).Should().BeGreaterThanOrEqualTo(Files);
        Differences(next, parent).Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_deleted_after_it_was_summed_is_removed_for_the_next_watcher_too()
    {
        var parent = new ModelParent(_tree.Root);
        await using (var watcher = await HeldAsync(parent))
        {
            await MakeAllAsync(parent);
            Directory.Delete(_tree["1"], recursive: true);
            _tree.Write("2/2", "otherwise");
            await watcher.HoldAsync(held: false);
            await watcher.FlushAsync();

            Differences(watcher, parent).Should().BeEmpty();
        }

        var told = Told(parent);
        await using var next = RunningWatcher.Start(_tree, parent, Small);
        await next.FlushAsync();

        Told(parent).Should().Be(told);
    }

    private async Task<RunningWatcher> HeldAsync(ModelParent parent)
    {
        var watcher = RunningWatcher.Start(_tree, parent, Small);
        await watcher.FlushAsync();
        await watcher.HoldAsync();
        return watcher;
    }

    private async Task MakeAllAsync(ModelParent parent)
    {
        for (var file = 0; file < Files; file++)
            _tree.Write($"{file % 20}/{file}", "new");

        await Wait.UntilAsync(() => parent.Beats.Last() is { Files: Files, QueueDepth: 0 }, "it has looked at all of them");
    }

    private static int Told(ModelParent parent) => parent.Batches.SelectMany(batch => batch.Services).Sum(service => service.Files.Count + service.More);

    /// <summary>Between what the next watcher takes to be told and the disk.</summary>
    private IEnumerable<string> Differences(RunningWatcher watcher, ModelParent parent)
    {
        var claimed = new StateDictionary();
        Cursor.TryParse(parent.Applied, out var applied).Should().BeTrue();
        ChangeLog.Load(_tree.Snapshot, watcher.RulesHash, applied, claimed).Should().BeOfType<LoadResult.Resumed>();
        var told = claimed.Where(entry => entry.Value.Kind == FileKind.File).ToDictionary(entry => entry.Key, entry => entry.Value.Size, StringComparer.Ordinal);
        var onDisk = _tree.Read().ToDictionary(file => file.Key, file => (long)file.Value.Length, StringComparer.Ordinal);

        return told.Except(onDisk).Concat(onDisk.Except(told)).Select(file => file.Key);
    }
}
