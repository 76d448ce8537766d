using System.Diagnostics;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>The log is gone, and with it what was there: what vanishes while everything is read for the first time was never met.</summary>
public sealed class LostLogSpecs : IDisposable
{
    private const int Moments = 30;

    private readonly WatchedTree _tree = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_deleted_during_the_first_crawl_is_reported_by_name_or_as_lost_track(bool withItsFolder)
    {
        // So that a while passes between the listing of the root and the reading of a folder in it.
        Enumerable.Range(0, 1_000).ToList().ForEach(i => _tree.Write($"b{i}/f.py", "one"));

        for (var moment = 0; moment < Moments; moment++)
        {
            _tree.Write("a/d.py", "one");
            var parent = new ModelParent(_tree.Root);

            await using (var first = Start(parent))
                await first.FlushAsync();

            File.Delete(_tree.Snapshot);
            parent.Forget();
            await using var next = Start(parent);
            SpinFor(TimeSpan.FromMilliseconds(0.5 * moment));
            File.Delete(_tree["a/d.py"]);

            if (withItsFolder)
            {
                Directory.Delete(_tree["a"]);
                Directory.CreateDirectory(_tree["a"]);
            }

            await next.FlushAsync();

            parent.Batches.SelectMany(batch => batch.Services)
                .Should().Contain(change => change.Service == "folder" && change.Unseen == null, "that was moment {0}", moment);
        }
    }

    public void Dispose() => _tree.Dispose();

    private RunningWatcher Start(ModelParent parent) => RunningWatcher.Start(_tree, parent, with: hello => hello with
    {
        Subscriptions = [RunningWatcher.Subscribe("all", _tree.Root), RunningWatcher.Subscribe("folder", _tree["a"])],
    });

    // Any moment of the reading will do; a sleep would skip them all.
    private static void SpinFor(TimeSpan time)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < time;)
            Thread.SpinWait(10);
    }
}
