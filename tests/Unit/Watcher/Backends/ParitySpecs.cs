using Supervisor.Tree.Harness;
using Supervisor.Unit.Watcher.Crawling;
using Supervisor.Unit.Watcher.Sources;
using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Backends;

/// <summary>
/// The same scenarios and the same hostile file operations with every backend, and one check: what the parent received equals the disk. Nobody asks for
/// it: each backend has to find everything by itself.
/// </summary>
public sealed class ParitySpecs
{
    private static readonly SourceLimits Quick = new() { AuditPause = TimeSpan.FromMilliseconds(200) };

    [Fact]
    public Task All_scenarios_by_inotify() => PlayAsync(WatchBackend.Auto, "inotify");

    [Fact]
    public Task All_scenarios_by_polling() => PlayAsync(WatchBackend.Poll, "poll");

    [Fact]
    public Task All_scenarios_by_FileSystemWatcher_with_its_losses_repaired() => PlayAsync(WatchBackend.Native, "native");

    [NeedsFact("watchman")]
    public async Task All_scenarios_by_Watchman()
    {
        await using var server = await WatchmanServer.StartAsync();
        await PlayAsync(WatchBackend.Watchman, "watchman", server.Socket);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Churn_by_polling(int seed) => ChurnAsync(seed, WatchBackend.Poll, "poll");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Churn_by_FileSystemWatcher(int seed) => ChurnAsync(seed, WatchBackend.Native, "native");

    [NeedsFact("watchman")]
    public async Task Churn_by_Watchman()
    {
        await using var server = await WatchmanServer.StartAsync();

        for (var seed = 1; seed <= 3; seed++)
            await ChurnAsync(seed, WatchBackend.Watchman, "watchman", server.Socket);
    }

    private static async Task PlayAsync(WatchBackend backend, string shown, string? socket = null)
    {
        foreach (var (name, act) in Scenarios.All)
        {
            using var tree = new WatchedTree();
            Scenarios.Prepare(tree);
            var parent = new ModelParent(tree.Root);
            await using var watcher = await StartAsync(tree, parent, backend, shown, socket);

            act(tree);

            await KnowsTheDiskAsync(tree, parent, name);
            await watcher.FlushAsync();
            parent.Model.Should().Equal(tree.Read(), "a flush after \"{0}\" changes nothing", name);
        }
    }

    private static async Task ChurnAsync(int seed, WatchBackend backend, string shown, string? socket = null)
    {
        using var tree = new WatchedTree();
        var random = new Random(seed);
        var churn = new Churn(tree, random);
        var parent = new ModelParent(tree.Root) { Server = new ModelServer(tree.Root) };
        await using var watcher = await StartAsync(tree, parent, backend, shown, socket);

        for (var round = 0; round < 15; round++)
        {
            for (var steps = random.Next(10, 60); steps > 0; steps--)
                churn.Step();

            // A file that the parent read during the churn may be gone before any stat: the check uses the server that the parent notified.
            if (round % 2 == 0)
                await watcher.FlushAsync();
            else
                await Eventually.BeAsync(() => Equal(parent.Server.Served, tree.Read()));

            parent.Server.Served.Should().Equal(tree.Read(), "round {0} of seed {1} has to be replayed", round, seed);
        }
    }

    private static async Task<RunningWatcher> StartAsync(WatchedTree tree, ModelParent parent, WatchBackend backend, string shown, string? socket)
    {
        var watcher = RunningWatcher.Start(
            tree, parent, Quick with { WatchmanSocket = socket }, hello => hello with { Settings = hello.Settings with { Backend = backend } });

        await watcher.FlushAsync();
        await Eventually.BeAsync(() => parent.Beats.LastOrDefault() is { Phase: WatcherPhase.Watching } beat && beat.Backend == shown);
        return watcher;
    }

    private static async Task KnowsTheDiskAsync(WatchedTree tree, ModelParent parent, string what)
    {
        try
        {
            await Eventually.BeAsync(() => Equal(parent.Model, tree.Read()));
        }
        catch (OperationCanceledException)
        {
            parent.Model.Should().Equal(tree.Read(), "after \"{0}\" the parent has to learn of everything by itself", what);
        }
    }

    private static bool Equal(IReadOnlyDictionary<string, string> told, Dictionary<string, string> there) =>
        told.Count == there.Count && told.All(file => there.TryGetValue(file.Key, out var content) && content == file.Value);
}
