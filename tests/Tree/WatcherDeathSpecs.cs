using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A watcher is disposable: no server is affected by its death, and no saved change is lost.</summary>
public sealed class WatcherDeathSpecs
{
    private const int Deaths = 200;
    private static readonly string[] Signals = ["KILL", "ABRT", "SEGV"];

    [Fact]
    public async Task Two_hundred_deaths_of_the_watcher_lose_no_saved_change_and_affect_no_server()
    {
        await using var tree = TestTree.Create();
        TestService[] changing = [new TestService(tree, "app"), new TestService(tree, "api")];
        var still = new TestService(tree, "still");
        still.Save("page.txt", "never changes");
        foreach (var service in changing)
            service.Save("page.txt", "first");

        // A short backoff so that two hundred deaths fit into a test; the rule itself is unchanged.
        tree.WriteConfig($$"""
            { "watcher": { "backoff": { "initial": "20ms", "max": "50ms" } },
              "services": { {{string.Join(",\n", changing.Append(still).Select(service => service.Entry()))}} } }
            """);
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var before = (await control.StatusAsync()).Service("still");
        await using var requests = new ContinuousRequests(still);
        var random = new Random(20261121);
        var script = changing.Select(service => new RandomEdits(service, random.Next())).ToArray();

        for (var deaths = 0; deaths < Deaths;)
        {
            foreach (var saving in script)
                saving.ApplyNext();

            var pair = random.Next(4) == 0 ? 2 : 1;
            for (var i = 0; i < pair && deaths < Deaths; i++, deaths++)
                await KillWatcherAsync(control, Signals[deaths % Signals.Length], random);
        }

        foreach (var service in changing)
            await control.StartedLongAgoAsync(service.Name);

        foreach (var saving in script)
            saving.ApplyNext();
        await control.CallAsync(it => it.FlushAsync());

        foreach (var service in changing)
            (await service.ServedAsync()).Should().Be(service.OnDisk(), "{0} runs what was saved last\n{1}", service.Name, tree.Logs());
        var after = await control.StatusAsync();
        after.Watcher.Restarts.Should().BeGreaterThanOrEqualTo(Deaths);
        after.Service("still").Should().BeEquivalentTo(
            new { before.Pid, before.HostPid, before.Generation, before.Reloads, before.Restarts },
            "a service without a relevant change is not affected");
        requests.Failures.Should().BeEmpty("requests to it never failed ({0} were made)", requests.Made);
        requests.Made.Should().BeGreaterThan(Deaths);
    }

    [Fact]
    public async Task A_watcher_that_hangs_is_replaced_and_changes_saved_meanwhile_are_delivered()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        var still = new TestService(tree, "still");
        app.Save("page.txt", "first");
        still.Save("page.txt", "never changes");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}}, {{still.Entry()}} } }""");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var before = await control.WaitForAsync(board => board.Watcher.State == WatcherPhase.Watching, "the watcher is watching");

        Kill.Send(before.Watcher.Pid!.Value, "STOP");
        app.Save("page.txt", "saved while the watcher hung");
        var after = await control.WaitForAsync(
            board => board.Watcher is { State: WatcherPhase.Watching, Pid: { } pid } && pid != before.Watcher.Pid, "a new watcher is watching");

        // HeartbeatSpecs checks the allowed silence in virtual time; here the parent itself may be late, so the test allows more.
        var ledger = await control.CallAsync(it => it.WhyAsync("watcher", 10));
        ledger.Entries.Should().ContainSingle(entry => entry.Event == "failed").Which.Cause.Should().Be("hung");
        after.Watcher.LastExit!.Signal.Should().Be("SIGKILL");
        await control.CallAsync(it => it.FlushAsync());
        (await app.ServedAsync()).Should().Be(app.OnDisk());
        (await control.StatusAsync()).Service("still").Pid.Should().Be(before.Service("still").Pid);
        await TaggedProcesses.ReapedByAsync(before.Tree.ParentPid);
    }

    /// <summary>Kills the present watcher; during a replacement, the next one as soon as it has a pid.</summary>
    private static async Task KillWatcherAsync(ControlClient control, string signal, Random random)
    {
        var board = await control.WaitForAsync(board => board.Watcher.Pid is not null, "a watcher has a pid");
        var doomed = board.Watcher.Pid!.Value;

        // Random moments: from "just spawned" to "watching for a while". The delay is the subject of this test, not a synchronisation.
        await Task.Delay(random.Next(0, 300), CancellationToken.None);
        await Kill.UntilDeadAsync(doomed, signal);
        await control.WaitForAsync(next => next.Watcher.Pid != doomed, $"watcher {doomed} has died of {signal}");
    }
}
