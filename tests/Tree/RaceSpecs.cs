using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Signals from outside, and commands at unfavourable moments.</summary>
public sealed class RaceSpecs
{
    [Fact]
    public async Task A_host_that_gets_SIGTERM_stops_in_order_and_its_service_restarts_with_the_next_host()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Sleepers("app"));
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var before = (await control.StatusAsync()).Service("app");

        Kill.Send(before.HostPid!.Value, "TERM");

        await control.WaitForAsync(
            board => board.Service("app") is { State: ServicePhase.Running, Pid: { } pid } && pid != before.Pid, "the next host runs the service");
        TaggedProcesses.IsAlive(before.Pid!.Value).Should().BeFalse();
    }

    [Fact]
    public async Task A_parent_that_gets_SIGTERM_stops_the_tree_in_order()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Sleepers("app", "other"));
        await tree.StartAsync();
        var parent = (await tree.StatusAsync()).Tree.ParentPid;

        Kill.Send(parent, "TERM");

        await Wait.UntilAsync(() => TaggedProcesses.Find(tree.Tag).Count == 0, "all processes of the tree are gone");
        Directory.EnumerateDirectories(tree.RuntimeBase).Should().BeEmpty();
    }

    [Fact]
    public async Task Of_two_concurrent_starts_one_starts_the_tree_and_the_other_says_that_it_runs()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Sleepers("app"));

        var both = await Task.WhenAll(tree.RunAsync("start", "-d"), tree.RunAsync("start", "-d"));

        var loser = both.Should().ContainSingle(result => result.ExitCode != 0, "{0}{1}", both[0], both[1]).Which;
        loser.ExitCode.Should().Be((int)ExitCode.Failed);
        loser.Errors.Should().Contain("already running");
    }

    [Fact]
    public async Task A_tree_can_be_started_and_stopped_as_fast_as_possible()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Sleepers("app"));

        for (var round = 0; round < 5; round++)
        {
            await tree.StartAsync();
            (await tree.RunAsync("stop")).ExitCode.Should().Be(0);
            TaggedProcesses.Find(tree.Tag).Should().BeEmpty();
        }
    }

    [Fact]
    public async Task A_service_that_was_stopped_before_the_parent_died_is_up_after_the_next_start()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Sleepers("app", "other"));
        await tree.StartAsync();
        (await tree.RunAsync("stop", "app")).ExitCode.Should().Be(0);

        await Kill.UntilDeadAsync((await tree.StatusAsync()).Tree.ParentPid, "KILL");
        await tree.StartAsync();

        (await tree.StatusAsync()).Services.Should().OnlyContain(service => service.State == ServicePhase.Running);
    }

    [Fact]
    public async Task A_host_that_its_parent_died_before_recording_is_replaced_by_the_next_parent()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Sleepers("app"));
        await tree.StartAsync();
        var before = await tree.StatusAsync();

        await Kill.UntilDeadAsync(before.Tree.ParentPid, "KILL");
        File.Delete(Path.Combine(tree.RuntimeFolder, "hosts", "app.mark"));
        await tree.StartAsync();

        TaggedProcesses.IsAlive(before.Service("app").HostPid!.Value).Should().BeFalse();
        (await tree.StatusAsync()).Service("app").State.Should().Be(ServicePhase.Running);
    }

    [Fact]
    public async Task A_server_without_a_probe_that_dies_at_once_has_not_started()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "app": {
              "command": "exit 3", "restart": { "backoff": { "initial": "1ms", "max": "10ms" }, "crashLoop": { "failures": 3, "within": "60s" } } } } }
            """);

        var started = await FailedAsync(async () =>
        {
            await tree.RunAsync("stop");
            return await tree.RunAsync("start", "-d");
        });
        await FailedAsync(() => tree.RunAsync("restart", "app"));

        (started.Output + started.Errors).Should().Contain("crash loop").And.Contain("exited with code 3");
    }

    /// <summary>On a busy machine a server may take half a second to die, and then counts as started.</summary>
    private static async Task<CommandResult> FailedAsync(Func<Task<CommandResult>> command)
    {
        CommandResult? result = null;
        await Wait.UntilAsync(async () => (result = await command()).ExitCode == (int)ExitCode.Failed, "the command says that the server has not started");
        return result!;
    }

    private static string Sleepers(params string[] names) =>
        $$"""{ "services": { {{string.Join(", ", names.Select(name => $$""" "{{name}}": { "command": ["sleep", "1000"] } """))}} } }""";
}
