using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>
/// Hostile file work on few names, so that they collide, while watchers die at any moment, with batches on the way. Whatever happened: once the last
/// watcher has been flushed, the parent has been told of exactly what is on disk, and the server that it told runs that.
/// </summary>
public sealed class ChurnSpecs
{
    private const int Operations = 1_500;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Nothing_is_lost_whenever_watchers_die(int seed) => ChurnAsync(seed, oneDeathIn: 40, limits: new SourceLimits());

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Nothing_is_lost_when_buffers_overflow_as_well(int seed) =>
        ChurnAsync(seed + 1_000, oneDeathIn: 150, limits: new SourceLimits(BufferedBytes: 512));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Nothing_is_lost_when_most_directories_get_no_watch(int seed) =>
        ChurnAsync(seed + 2_000, oneDeathIn: 150, limits: new SourceLimits(Watches: 3));

    private static async Task ChurnAsync(int seed, int oneDeathIn, SourceLimits limits)
    {
        using var tree = new WatchedTree();
        var random = new Random(seed);
        var churn = new Churn(tree, random);
        var parent = new ModelParent(tree.Root) { Server = new ModelServer(tree.Root) };
        var watcher = RunningWatcher.Start(tree, parent, limits);
        await watcher.FlushAsync();
        parent.ClaimAt = cursor => ClaimedState.Load(tree.Snapshot, watcher.RulesHash, cursor).Files;

        for (var i = 0; i < Operations; i++)
        {
            churn.Step();

            if (random.Next(oneDeathIn) == 0)
            {
                // The last batch before the death is applied without the watcher hearing of it, or never arrives.
                var fate = random.Next(3) switch { 0 => Fate.AppliedSilently, 1 => Fate.Lost, _ => Fate.Acknowledged };
                parent.FateOf = _ => fate;
                await ChurnOnAsync(churn, random, watcher);
                await watcher.DisposeAsync();
                churn.Step();
                parent.FateOf = null;
                watcher = RunningWatcher.Start(tree, parent, limits);
            }
            else if (random.Next(60) == 0)
            {
                await watcher.PingAsync();
            }
        }

        await watcher.FlushAsync();
        await watcher.DisposeAsync();

        var claimed = ClaimedState.Load(tree.Snapshot, watcher.RulesHash, parent.Applied);
        claimed.ContradictionsTo(parent.Model).Should().BeEmpty("whatever the log says was told by name, seed {0} has to be replayed", seed);
        claimed.DifferencesTo(tree.Read()).Should().BeEmpty("seed {0} has to be replayed", seed);
        parent.Server.Served.Should().Equal(tree.Read(), "the server runs what is on disk, whatever it read on the way, seed {0} has to be replayed", seed);
    }

    // Long enough for a batch to settle now and then, never waiting for one.
    private static async Task ChurnOnAsync(Churn churn, Random random, RunningWatcher watcher)
    {
        for (var i = random.Next(20); i > 0; i--)
        {
            churn.Step();
            await watcher.PingAsync();
        }
    }
}
