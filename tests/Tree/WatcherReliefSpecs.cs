using System.Collections.Concurrent;
using Supervisor.Stress.Faults;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>
/// A planned replacement of the watcher: the new one is watching before the old one exits. Nothing waits, no server is affected, no saved change is lost.
/// </summary>
public sealed class WatcherReliefSpecs
{
    [Fact]
    public async Task A_requested_new_watcher_has_read_everything_before_the_old_one_exits()
    {
        await using var tree = TestTree.Create();
        await using var watched = await WatchedTree.StartAsync(tree);

        for (var round = 0; round < 5; round++)
        {
            var asked = tree.RunAsync("restart", "watcher");

            while (!asked.IsCompleted)
                await watched.SaveAsync();

            (await asked).ExitCode.Should().Be((int)ExitCode.Ok);
        }

        await watched.IsServedAsync();
        watched.IsWithoutGap();
        (await watched.Control.StatusAsync()).Watcher.Should().BeEquivalentTo(new { Restarts = 5, LastExit = new { Reason = ExitKind.Exit, Code = 0 } });
        (await watched.LedgerAsync()).Select(entry => (entry.Event, entry.Cause)).Should().Equal(
            [("started", "autostart"), .. Enumerable.Repeat<(string, string)[]>([("stopped", "manual"), ("started", "manual")], 5).SelectMany(pair => pair)]);
    }

    [HookFact]
    public async Task A_watcher_that_leaks_is_trimmed_and_then_replaced_in_order_before_it_reaches_its_cap()
    {
        await using var tree = TestTree.Create();
        var hook = await FaultHook.InstallAsync(tree);
        await using var watched = await WatchedTree.StartAsync(tree);

        hook.TrySend(watched.First, "leak 4 400").Should().BeTrue();
        await watched.SaveUntilReplacedAsync();

        await watched.IsServedAsync();
        watched.IsWithoutGap();
        watched.Boards.Select(board => board.Watcher.Pressure).Should().Contain([WatcherPressure.Trimming, WatcherPressure.Recycling]);
        (await watched.Control.StatusAsync()).Watcher.Should().BeEquivalentTo(new { Restarts = 1, LastExit = new { Reason = ExitKind.Exit, Code = 0 } });
        var ledger = await watched.LedgerAsync();
        ledger.Select(entry => (entry.Event, entry.Cause)).Should().Equal(
            ("started", "autostart"), ("trimmed", "memory"), ("stopped", "recycle"), ("started", "recycle"));
        ledger[1].Detail.Should().MatchRegex(@"it held [\d.]+ MB of memory, [67]\d % of its cap");
        ledger[2].Detail.Should().MatchRegex(@"it held [\d.]+ MB of memory, [89]\d % of its cap");
    }

    [HookFact]
    public async Task A_watcher_that_spins_at_its_cap_is_throttled_then_replaced_and_watches_all_the_time()
    {
        await using var tree = TestTree.Create();
        var hook = await FaultHook.InstallAsync(tree);

        // A share so small that the watcher gets it even on a busy machine.
        await using var watched = await WatchedTree.StartAsync(tree, """ "watcher": { "limits": { "cpu": "15%" } }, """);

        hook.TrySend(watched.First, "spin 120").Should().BeTrue();
        await watched.SaveUntilReplacedAsync();

        await watched.IsServedAsync();
        watched.IsWithoutGap();
        watched.Boards.Select(board => board.Watcher.Pressure).Should().ContainInOrder(WatcherPressure.Throttled, WatcherPressure.Recycling);
        var ledger = await watched.LedgerAsync();

        // On a busy machine it may not get its share all the time; then the measurement restarts.
        ledger.Select(entry => (entry.Event, entry.Cause)).Distinct().Should().Equal(
            ("started", "autostart"), ("throttled", "cpu"), ("stopped", "cpu"), ("started", "cpu"));
        ledger[^2].Detail.Should().Contain("% of a core").And.Contain("for 20 s");
    }

    [Fact]
    public async Task A_kill_of_the_old_watcher_during_its_replacement_loses_nothing()
    {
        await using var tree = TestTree.Create();
        await using var watched = await WatchedTree.StartAsync(tree);
        var doomed = watched.First;

        for (var round = 0; round < 10; round++)
        {
            await watched.Control.CallAsync(it => it.StatusAsync());
            var asked = tree.RunAsync("restart", "watcher");
            await watched.SaveAsync();

            // Random moments: before the next one is spawned, while it reads, as it takes over. The delay is the subject of this test, not a synchronisation.
            await Task.Delay(round * 40, CancellationToken.None);
            Kill.Send(doomed, "KILL");
            (await asked).ExitCode.Should().Be((int)ExitCode.Ok);
            await watched.SaveAsync();
            doomed = (await watched.Control.WaitForAsync(
                board => board.Watcher is { State: WatcherPhase.Watching, Pid: { } pid } && pid != doomed, "another one is watching")).Watcher.Pid!.Value;
        }

        await watched.IsServedAsync();
    }

    /// <summary>A service that changes, one that never does, and every board since the watcher is watching.</summary>
    private sealed class WatchedTree : IAsyncDisposable
    {
        private readonly TestService _app;
        private readonly TestService _still;
        private readonly StatusReport _before;
        private readonly ContinuousRequests _requests;
        private readonly RandomEdits _edits;
        private readonly ConcurrentQueue<StatusReport> _boards = new();

        private WatchedTree(TestService app, TestService still, ControlClient control, StatusReport before)
        {
            _app = app;
            _still = still;
            _before = before;
            _requests = new ContinuousRequests(still);
            _edits = new RandomEdits(app, seed: 20261122);
            Control = control;
            control.OnBoard = _boards.Enqueue;
        }

        public ControlClient Control { get; }

        public IReadOnlyList<StatusReport> Boards => [.. _boards];

        /// <summary>The first watcher.</summary>
        public int First => _before.Watcher.Pid!.Value;

        public static async Task<WatchedTree> StartAsync(TestTree tree, string watcher = "")
        {
            var (app, still) = (new TestService(tree, "app"), new TestService(tree, "still"));
            app.Save("page.txt", "first");
            still.Save("page.txt", "never changes");
            tree.WriteConfig($$"""{ {{watcher}} "services": { {{app.Entry()}}, {{still.Entry()}} } }""");
            await tree.StartAsync();
            var control = await tree.ConnectAsync();
            return new WatchedTree(app, still, control, await control.WaitForAsync(board => board.Watcher.State == WatcherPhase.Watching, "the watcher is watching"));
        }

        public async Task SaveAsync()
        {
            _edits.ApplyNext();
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }

        public async Task SaveUntilReplacedAsync()
        {
            var replaced = Control.WaitForAsync(
                board => board.Watcher is { State: WatcherPhase.Watching, Pid: { } pid } && pid != First, "another watcher is active",
                TimeSpan.FromSeconds(120));

            while (!replaced.IsCompleted)
                await SaveAsync();

            await replaced;
        }

        /// <summary>Checks that all saved changes are served and that the other service was not affected.</summary>
        public async Task IsServedAsync()
        {
            await Control.StartedLongAgoAsync("app");
            _edits.ApplyNext();
            (await Control.CallAsync(it => it.FlushAsync())).Services.Should().OnlyContain(service => service.Succeeded);
            (await _app.ServedAsync()).Should().Be(_app.OnDisk());
            var (after, before) = ((await Control.StatusAsync()).Service("still"), _before.Service("still"));
            after.Should().BeEquivalentTo(new { before.Pid, before.HostPid, before.Generation, before.Reloads, before.Restarts });
            _requests.Failures.Should().BeEmpty();
        }

        /// <summary>Checks that the board never showed a watcher that was not yet watching.</summary>
        public void IsWithoutGap() => Boards.Select(board => board.Watcher.State).Distinct().Should().BeSubsetOf(
            [WatcherPhase.Watching, WatcherPhase.Recovering], "one is watching, or delivers its last changes while the next one is watching");

        public async Task<IReadOnlyList<LedgerEntry>> LedgerAsync() =>
            (await Control.CallAsync(it => it.WhyAsync("watcher", 100))).Entries;

        public async ValueTask DisposeAsync()
        {
            await _requests.DisposeAsync();
            await Control.DisposeAsync();
        }
    }
}
