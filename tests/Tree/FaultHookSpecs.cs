using Supervisor.Stress.Faults;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A watcher whose native heap is corrupted for real: no server is affected, and no saved change is lost.</summary>
public sealed class FaultHookSpecs
{
    private const string AllRoads = "0 1 2 3 4";

    [HookTheory]
    [InlineData("double-free", AllRoads)]
    [InlineData("use-after-free", "0")]
    [InlineData("segv", "0")]
    [InlineData("abort", "0")]
    public async Task A_watcher_that_corrupts_its_memory_is_replaced_and_nothing_else_is_affected(string command, string variations)
    {
        await using var tree = TestTree.Create();
        var hook = await FaultHook.InstallAsync(tree);
        var app = new TestService(tree, "app");
        var still = new TestService(tree, "still");
        app.Save("page.txt", "first");
        still.Save("page.txt", "never changes");
        tree.WriteConfig($$"""{ "watcher": { "backoff": { "initial": "20ms", "max": "50ms" } }, "services": { {{app.Entry()}}, {{still.Entry()}} } }""");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var before = (await control.StatusAsync()).Service("still");

        foreach (var variation in variations.Split(' '))
        {
            var watcher = (await control.WaitForAsync(board => board.Watcher.State == WatcherPhase.Watching, "the watcher is watching")).Watcher;
            hook.TrySend(watcher.Pid!.Value, $"{command} {variation}").Should().BeTrue();
            app.Save("page.txt", $"saved as it died of {command} {variation}");

            var after = await control.WaitForAsync(
                board => board.Watcher is { State: WatcherPhase.Watching, Pid: { } pid } && pid != watcher.Pid, "a new watcher is watching");
            after.Watcher.LastExit!.Signal.Should().BeOneOf("SIGABRT", "SIGSEGV");
        }

        await control.CallAsync(it => it.FlushAsync());
        (await app.ServedAsync()).Should().Be(app.OnDisk());
        (await control.StatusAsync()).Service("still").Should().BeEquivalentTo(
            new { before.Pid, before.HostPid, before.Generation, before.Reloads, before.Restarts });
    }

    [HookFact]
    public async Task Without_a_command_the_hook_does_nothing_and_servers_have_no_hook()
    {
        await using var tree = TestTree.Create();
        var hook = await FaultHook.InstallAsync(tree);
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var before = await control.WaitForAsync(board => board.Watcher.State == WatcherPhase.Watching, "the watcher is watching");

        hook.TrySend(before.Watcher.Pid!.Value, "no-such-command").Should().BeTrue();
        hook.TrySend(before.Service("app").Pid!.Value, "abort").Should().BeFalse("only the watcher listens");
        app.Save("page.txt", "second");
        await control.CallAsync(it => it.FlushAsync());

        (await app.ServedAsync()).Should().Be(app.OnDisk());
        (await control.StatusAsync()).Watcher.Should().BeEquivalentTo(new { before.Watcher.Pid, Restarts = 0, LastExit = (ExitStatus?)null });
    }
}

/// <summary>A theory that needs a C compiler for its fault.</summary>
internal sealed class HookTheoryAttribute : TheoryAttribute
{
    public HookTheoryAttribute() => Skip = new HookFactAttribute().Skip;
}

internal sealed class HookFactAttribute : NeedsFactAttribute
{
    public HookFactAttribute()
        : base("gcc")
    {
    }
}
