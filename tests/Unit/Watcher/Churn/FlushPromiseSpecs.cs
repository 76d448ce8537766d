using Supervisor.Unit.Watcher.Crawling;
using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Churn;

/// <summary>
/// What a flush promises, in the middle of everything: the moment it answers, the server runs the disk as it is, whatever was under way.
/// Watchers die in between, and the next one's first flush promises the same.
/// </summary>
public sealed class FlushPromiseSpecs
{
    private const int Rounds = 40;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 4)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task It_holds_with_a_live_watcher(int seed) => RunAsync(seed, new SourceLimits(), isDegraded: false);

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task It_holds_right_after_an_overflow(int seed) => RunAsync(seed + 100, new SourceLimits(BufferedBytes: 512), isDegraded: false);

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task It_holds_where_the_kernel_watches_only_a_few_directories(int seed) =>
        RunAsync(seed + 200, new SourceLimits(Watches: 3), isDegraded: false);

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task It_holds_by_polling(int seed) => RunAsync(seed + 300, new SourceLimits(), isDegraded: true);

    [Fact]
    public async Task A_folder_that_loses_its_ignored_name_appears_and_one_that_gets_it_goes()
    {
        using var tree = new WatchedTree();
        tree.Write("node_modules/deep/x.js", "1");
        var parent = new ModelParent(tree.Root);
        await using var watcher = RunningWatcher.Start(tree, parent);
        await watcher.FlushAsync();

        Directory.Move(tree["node_modules"], tree["lib"]);
        await watcher.FlushAsync();
        parent.Names.Should().Equal(tree["lib/deep/x.js"]);

        parent.Forget();
        Directory.Move(tree["lib"], tree["node_modules"]);
        tree.Write("node_modules/deep/x.js", "2");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(tree["lib"]);
    }

    private static async Task RunAsync(int seed, SourceLimits limits, bool isDegraded)
    {
        using var tree = new WatchedTree();
        var random = new Random(seed);
        var churn = new Crawling.Churn(tree, random);
        var server = new ModelServer(tree.Root);
        var parent = new ModelParent(tree.Root) { Server = server };

        for (var round = 0; round < Rounds;)
        {
            await using var watcher = RunningWatcher.Start(tree, parent, limits, hello => hello with { Degraded = isDegraded });

            // Until its first crawl has ended, the tree is what the servers were started on.
            if (parent.Applied is null)
                await watcher.FlushAsync();

            for (var lifetime = random.Next(1, 15); lifetime > 0; lifetime--, round++)
            {
                for (var steps = random.Next(1, 40); steps > 0; steps--)
                    churn.Step();

                await watcher.FlushAsync();
                server.Served.Should().Equal(tree.Read(), "round {0} of seed {1} has to be replayed", round, seed);
            }
        }
    }
}
