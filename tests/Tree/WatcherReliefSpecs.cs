using System.Collections.Concurrent;
using Supervisor.Stress.Faults;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A watcher that has to go is replaced by one that watches already: nobody waits for it, no server notices, no saved change is lost.</summary>
public sealed class WatcherReliefSpecs
{
    [Fact]
    public async Task Whoever_asks_for_another_watcher_gets_one_that_has_read_everything_before_the_old_one_leaves()
    {
        await using var tree = TestTree.Create();
        await using var scene = await Scene.StartAsync(tree);

        for (var round = 0; round < 5; round++)
        {
            var asked = tree.RunAsync("restart", "watcher");

            while (!asked.IsCompleted)
                await scene.SaveAsync();

            (await asked).ExitCode.Should().Be((int)ExitCode.Ok);
        }

        await scene.IsServedAsync();
        scene.IsWithoutGap();
        (await scene.Control.StatusAsync()).Watcher.Should().BeEquivalentTo(new { Restarts = 5, LastExit = new { Reason = ExitKind.Exit, Code = 0 } });
        (await scene.LedgerAsync()).Select(entry => (entry.Event, entry.Cause)).Should().Equal(
            [("started", "autostart"), .. Enumerable.Repeat<(string, string)[]>([("stopped", "manual"), ("started", "manual")], 5).SelectMany(pair => pair)]);
    }

    [HookFact]
    public async Task A_watcher_that_leaks_is_trimmed_and_then_replaced_in_order_before_it_reaches_its_cap()
    {
        await using var tree = TestTree.Create();
        var hook = await FaultHook.InstallAsync(tree);
        await using var scene = await Scene.StartAsync(tree);

        hook.TrySend(scene.First, "leak 4 400").Should().BeTrue();
        await scene.SaveUntilReplacedAsync();

        await scene.IsServedAsync();
        scene.IsWithoutGap();
        scene.Boards.Select(board => board.Watcher.Pressure).Should().Contain([WatcherPressure.Trimming, WatcherPressure.Recycling]);
        (await scene.Control.StatusAsync()).Watcher.Should().BeEquivalentTo(new { Restarts = 1, LastExit = new { Reason = ExitKind.Exit, Code = 0 } });
        var ledger = await scene.LedgerAsync();
        ledger.Select(entry => (entry.Event, entry.Cause)).Should().Equal(
            ("started", "autostart"), ("trimmed", "memory"), ("stopped", "recycle"), ("started", "recycle"));
        ledger[1].Detail.Should().MatchRegex(@"it held \d+ bytes of memory, 6\d % of its cap");
        ledger[2].Detail.Should().MatchRegex(@"it held \d+ bytes of memory, 8\d % of its cap");
    }

    [HookFact]
    public async Task A_watcher_that_spins_at_its_cap_is_throttled_and_then_replaced_and_watches_all_the_time()
    {
        await using var tree = TestTree.Create();
        var hook = await FaultHook.InstallAsync(tree);

        // So little that it gets it even where others want the processors.
        await using var scene = await Scene.StartAsync(tree, """ "watcher": { "limits": { "cpu": "15%" } }, """);

        hook.TrySend(scene.First, "spin 120").Should().BeTrue();
        await scene.SaveUntilReplacedAsync();

        await scene.IsServedAsync();
        scene.IsWithoutGap();
        scene.Boards.Select(board => board.Watcher.Pressure).Should().ContainInOrder(WatcherPressure.Throttled, WatcherPressure.Recycling);
        var ledger = await scene.LedgerAsync();

        // On a busy machine it may not get its share all the time, and begins anew.
        ledger.Select(entry => (entry.Event, entry.Cause)).Distinct().Should().Equal(
            ("started", "autostart"), ("throttled", "cpu"), ("stopped", "cpu"), ("started", "cpu"));
        ledger[^2].Detail.Should().Contain("% of a core").And.Contain("for 20 s");
    }

    [Fact]
    public async Task Where_the_old_one_is_killed_in_the_middle_of_it_nothing_is_lost_either()
    {
        await using var tree = TestTree.Create();
        await using var scene = await Scene.StartAsync(tree);
        var doomed = scene.First;

        for (var round = 0; round < 10; round++)
        {
            await scene.Control.CallAsync(it => it.StatusAsync());
            var asked = tree.RunAsync("restart", "watcher");
            await scene.SaveAsync();

            // Random moments: before the next one is spawned, while it reads, as it takes over. That is the situation under test, not a synchronisation.
            await Task.Delay(round * 40, CancellationToken.None);
            Kill.Send(doomed, "KILL");
            (await asked).ExitCode.Should().Be((int)ExitCode.Ok);
            await scene.SaveAsync();
            doomed = (await scene.Control.WaitForAsync(
                board => board.Watcher is { State: WatcherPhase.Watching, Pid: { } pid } && pid != doomed, "another one watches")).Watcher.Pid!.Value;
        }

        await scene.IsServedAsync();
    }

    /// <summary>A service that changes, one that never does, and everything that the board says from the moment when the watcher watches.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        private readonly TestService _app;
        private readonly TestService _still;
        private readonly StatusReport _before;
        private readonly ContinuousRequests _requests;
        private readonly RandomEdits _script;
        private readonly ConcurrentQueue<StatusReport> _boards = new();

        private Scene(TestService app, TestService still, ControlClient control, StatusReport before)
        {
            _app = app;
            _still = still;
            _before = before;
            _requests = new ContinuousRequests(still);
            _script = new RandomEdits(app, seed: 20261122);
            Control = control;
            control.Seen = _boards.Enqueue;
        }

        public ControlClient Control { get; }

        public IReadOnlyList<StatusReport> Boards => [.. _boards];

        /// <summary>The watcher that was there at the beginning.</summary>
        public int First => _before.Watcher.Pid!.Value;

        public static async Task<Scene> StartAsync(TestTree tree, string watcher = "")
        {
            var (app, still) = (new TestService(tree, "app"), new TestService(tree, "still"));
            app.Save("page.txt", "first");
            still.Save("page.txt", "never changes");
            tree.WriteConfig($$"""{ {{watcher}} "services": { {{app.Entry()}}, {{still.Entry()}} } }""");
            await tree.StartAsync();
            var control = await tree.ConnectAsync();
            return new Scene(app, still, control, await control.WaitForAsync(board => board.Watcher.State == WatcherPhase.Watching, "the watcher watches"));
        }

        public async Task SaveAsync()
        {
            _script.Step();
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }

        public async Task SaveUntilReplacedAsync()
        {
            var replaced = Control.WaitForAsync(
                board => board.Watcher is { State: WatcherPhase.Watching, Pid: { } pid } && pid != First, "another watcher is in charge",
                TimeSpan.FromSeconds(120));

            while (!replaced.IsCompleted)
                await SaveAsync();

            await replaced;
        }

        /// <summary>Everything that was saved, by a server that was reloaded for it; the other one never noticed.</summary>
        public async Task IsServedAsync()
        {
            _script.Step();
            await Control.CallAsync(it => it.FlushAsync());
            (await _app.ServedAsync()).Should().Be(_app.OnDisk());
            var (after, before) = ((await Control.StatusAsync()).Service("still"), _before.Service("still"));
            after.Should().BeEquivalentTo(new { before.Pid, before.HostPid, before.Generation, before.Reloads, before.Restarts });
            _requests.Failures.Should().BeEmpty();
        }

        /// <summary>Whoever was in charge had read everything by then: the board never showed one that did not yet watch.</summary>
        public void IsWithoutGap() => Boards.Select(board => board.Watcher.State).Distinct().Should().BeSubsetOf(
            [WatcherPhase.Watching, WatcherPhase.Recovering], "one watches, or delivers the last that it has seen while the next one watches");

        public async Task<IReadOnlyList<LedgerEntry>> LedgerAsync() =>
            (await Control.CallAsync(it => it.WhyAsync("watcher", 100))).Entries;

        public async ValueTask DisposeAsync()
        {
            await _requests.DisposeAsync();
            await Control.DisposeAsync();
        }
    }
}
