using Supervisor.Stress.Faults;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A watcher that ends at its own memory cap.</summary>
public sealed class WatcherCapSpecs
{
    [HookTheory]
    [InlineData(null, "leak 2000 1000")]
    [InlineData("sampling", "leak 20 1000")]
    public async Task A_watcher_that_ends_at_its_memory_cap_names_the_cap_and_its_key(string? limits, string leak)
    {
        await using var tree = TestTree.Create();
        var hook = await FaultHook.InstallAsync(tree);
        tree["SUPERVISOR_LIMITS"] = limits;
        tree.Write("app/a.txt", "first");
        tree.WriteConfig("""
            { "watcher": { "limits": { "memory": "96MB" } },
              "services": { "app": { "command": ["sleep", "1000"], "watch": { "paths": ["app"] } } } }
            """);
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var before = await control.WaitForAsync(board => board.Watcher.State == WatcherPhase.Watching, "the watcher is watching");

        hook.TrySend(before.Watcher.Pid!.Value, leak).Should().BeTrue();

        await control.WaitForAsync(
            board => board.Watcher is { State: WatcherPhase.Watching, Pid: { } pid } && pid != before.Watcher.Pid, "a new watcher is watching");
        (await tree.RunAsync("why", "watcher")).Output.Should().MatchRegex("(failed +memory|stopped +recycle); .*96 MB \\(watcher.limits.memory\\)");
        (await tree.RunAsync("status")).Output.Should().Contain("watcher.limits.memory");
    }
}
