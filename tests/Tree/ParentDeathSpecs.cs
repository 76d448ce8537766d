using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>The death of the parent: hosts and servers continue, and the next parent adopts what is alive.</summary>
public sealed class ParentDeathSpecs
{
    [Fact]
    public async Task After_the_kill_of_the_parent_the_servers_continue_and_the_next_start_adopts_them_and_delivers_the_changes_since()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        var still = new TestService(tree, "still");
        app.Save("page.txt", "first");
        still.Save("page.txt", "never changes");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}}, {{still.Entry()}} } }""");
        await tree.StartAsync();
        app.Save("page.txt", "second");
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        var before = await tree.StatusAsync();
        await using var requests = new ContinuousRequests(still);

        await Kill.UntilDeadAsync(before.Tree.ParentPid, "KILL");
        await Wait.UntilAsync(() => !TaggedProcesses.IsAlive(before.Watcher.Pid!.Value), "the watcher exits with its parent");
        (await tree.RunAsync("status")).ExitCode.Should().Be((int)ExitCode.NotRunning);
        (await app.ServedAsync()).Should().Contain("second", "the servers continue");
        app.Save("page.txt", "saved without a parent");

        await tree.StartAsync();
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);

        var after = await tree.StatusAsync();
        after.Tree.ParentPid.Should().NotBe(before.Tree.ParentPid);
        after.Service("still").Should().BeEquivalentTo(
            new { before.Service("still").Pid, before.Service("still").HostPid, Generation = 1, Reloads = 0, Restarts = 0 });
        after.Service("app").HostPid.Should().Be(before.Service("app").HostPid);
        after.Service("app").Should().BeEquivalentTo(new { Generation = 3, Reloads = 2, Restarts = 0 });
        (await app.ServedAsync()).Should().Be(app.OnDisk());
        requests.Failures.Should().BeEmpty();
    }

    [Fact]
    public async Task Repeated_kills_of_the_parent_never_restart_a_server()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        var before = await tree.StatusAsync();

        for (var death = 0; death < 5; death++)
        {
            await Kill.UntilDeadAsync((await tree.StatusAsync()).Tree.ParentPid, "KILL");
            await tree.StartAsync();
        }

        (await tree.StatusAsync()).Service("app").Should().BeEquivalentTo(
            new { before.Service("app").Pid, before.Service("app").HostPid, Generation = 1, Reloads = 0, Restarts = 0 });
    }

    [Fact]
    public async Task When_parent_and_host_are_killed_together_the_next_start_finds_the_leftover_server_and_frees_its_port()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry("--ignore-sigterm --double-fork")}} } }""");
        await tree.StartAsync();
        var before = await tree.StatusAsync();

        await Kill.UntilDeadAsync(before.Tree.ParentPid, "KILL");
        await Kill.UntilDeadAsync(before.Service("app").HostPid!.Value, "KILL");
        await tree.StartAsync();

        var after = await tree.StatusAsync();
        after.Service("app").State.Should().Be(ServicePhase.Ready);
        after.Service("app").Pid.Should().NotBe(before.Service("app").Pid);
        TaggedProcesses.IsAlive(before.Service("app").Pid!.Value).Should().BeFalse();
    }
}
