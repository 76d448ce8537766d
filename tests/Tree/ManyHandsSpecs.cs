using System.Text.Json;
using StreamJsonRpc;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Several people and programs give commands to one service at the same time. The same with the pure machines: <c>CommandModelSpecs</c>.</summary>
public sealed class ManyHandsSpecs
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly (string Name, Func<IControl, Task<Outcomes>> Call)[] Commands =
    [
        ("start", control => control.StartAsync(["web"])),
        ("stop", control => control.StopAsync(["web"])),
        ("stop --now", control => control.StopAsync(["web"], now: true)),
        ("restart", control => control.RestartAsync(["web"])),
        ("restart --force", control => control.RestartAsync(["web"], force: true)),
        ("flush", control => control.FlushAsync()),
        ("reload", async control => new Outcomes((await control.ReloadAsync()).Services)),
    ];

    [Fact]
    public async Task A_stop_and_a_restart_that_meet_both_end_and_the_service_can_still_be_stopped()
    {
        await using var tree = TestTree.Create();
        var web = await StartedAsync(tree);
        await using var control = await tree.ConnectAsync();
        await using var other = await tree.ConnectAsync();

        for (var round = 0; round < 12; round++)
        {
            var stop = control.CallAsync(it => it.StopAsync(["web"]));
            var restart = other.CallAsync(it => it.RestartAsync(["web"]));

            var outcomes = await Task.WhenAll(stop, restart).WaitAsync(Deadline);

            outcomes.Select(answer => answer.Services.Single()).Where(outcome => !outcome.Succeeded)
                .Should().OnlyContain(outcome => outcome.Message.Contains("overtaken by", StringComparison.Ordinal), "round {0}: {1}", round, outcomes);
            await ObeysAsync(web, control);
        }
    }

    [Fact]
    public async Task A_service_that_is_stopped_while_the_start_of_the_tree_still_waits_for_it_stays_stopped()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "command": ["sleep", "1000"], "ready": { "log": "never printed" } } } }""");
        var starting = tree.TryStartAsync();
        await Wait.UntilAsync(async () => Web(await tree.RunAsync("status", "--json")) is { State: ServicePhase.Starting, Pid: not null }, "the server has been started");

        var stopped = await tree.RunAsync("stop", "web");

        stopped.ExitCode.Should().Be(0, "{0}", stopped);
        (await starting).ExitCode.Should().Be((int)ExitCode.Failed);
        (await tree.StatusAsync()).Service("web").Should().BeEquivalentTo(new { State = ServicePhase.Stopped, Generation = 1 });
    }

    [Fact]
    public async Task A_service_that_is_stopped_before_its_first_server_was_started_is_not_started_by_the_start_that_waits_for_it()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "command": ["sleep", "1000"], "build": { "command": ["sleep", "1000"] } } } }""");
        var starting = tree.TryStartAsync();
        await Wait.UntilAsync(async () => Web(await tree.RunAsync("status", "--json")) is { State: ServicePhase.Building }, "it is built");

        var stopped = await tree.RunAsync("stop", "web");

        stopped.ExitCode.Should().Be(0, "{0}", stopped);
        (await starting).ExitCode.Should().Be((int)ExitCode.Failed);
        (await tree.StatusAsync()).Service("web").Should().BeEquivalentTo(new { State = ServicePhase.Stopped, Generation = 0 });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Of_commands_from_four_clients_at_once_each_has_an_outcome_and_the_service_obeys_afterwards(int seed)
    {
        await using var tree = TestTree.Create();
        var web = await StartedAsync(tree);
        await using var control = await tree.ConnectAsync();
        await using var second = await tree.ConnectAsync();
        await using var third = await tree.ConnectAsync();
        await using var fourth = await tree.ConnectAsync();
        ControlClient[] clients = [control, second, third, fourth];
        var random = new Random(seed);

        for (var round = 0; round < 5; round++)
        {
            var story = new List<string>();
            var commands = new List<Task>();
            var before = (await control.StatusAsync()).Service("web");

            for (var command = random.Next(2, 9); command > 0; command--)
            {
                var (name, call) = Commands[random.Next(Commands.Length)];
                story.Add(name);
                commands.Add(clients[random.Next(clients.Length)].CallAsync(call));
                await Task.Delay(random.Next(0, 60));
                Disturb(random, web, before, story);
            }

            var all = Task.WhenAll(commands.Select(EndedAsync));
            (await Task.WhenAny(all, Task.Delay(Deadline))).Should().BeSameAs(all, "each of {0} has an outcome", string.Join(", ", story));
            await ObeysAsync(web, control);
        }
    }

    [Fact]
    public async Task After_a_parent_that_died_with_commands_under_way_the_service_obeys_the_next_one()
    {
        await using var tree = TestTree.Create();
        var web = await StartedAsync(tree);

        for (var round = 0; round < 3; round++)
        {
            Task[] commands;

            await using (var control = await tree.ConnectAsync())
            {
                commands = [control.CallAsync(it => it.StopAsync(["web"])), control.CallAsync(it => it.RestartAsync(["web"])), control.CallAsync(it => it.StopAsync(["web"]))];
                await Kill.UntilDeadAsync((await tree.StatusAsync()).Tree.ParentPid, "KILL");
                await Task.WhenAll(commands.Select(EndedAsync)).WaitAsync(Deadline);
            }

            (await tree.TryStartAsync()).ExitCode.Should().BeOneOf((int)ExitCode.Ok, (int)ExitCode.Failed);
            await using var next = await tree.ConnectAsync();
            await ObeysAsync(web, next);
        }
    }

    private static async Task<TestService> StartedAsync(TestTree tree)
    {
        var web = new TestService(tree, "web");
        web.Save("page.txt", "first");
        tree.WriteConfig($$"""{ "services": { {{web.Entry()}} } }""");
        await tree.StartAsync();
        return web;
    }

    /// <summary>A save, or the death of the server or of its host.</summary>
    private static void Disturb(Random random, TestService web, ServiceStatus before, List<string> story)
    {
        var (what, act) = random.Next(8) switch
        {
            0 or 1 => ("save", () => { web.Save("page.txt", $"{random.Next()}"); }),
            2 when before.Pid is { } pid => ("kill the server", () => Kill.Send(pid, "KILL")),
            3 when before.HostPid is { } pid => ("kill the host", () => Kill.Send(pid, "KILL")),
            _ => ("", new Action(() => { })),
        };

        story.Add(what);
        act();
    }

    private static async Task ObeysAsync(TestService web, ControlClient control)
    {
        var stopped = await control.CallAsync(it => it.StopAsync(["web"])).WaitAsync(Deadline);
        stopped.Services.Should().ContainSingle(outcome => outcome.Succeeded, "{0}", stopped);
        (await web.AnswersAsync()).Should().BeFalse();

        var started = await control.CallAsync(it => it.StartAsync(["web"])).WaitAsync(Deadline);
        started.Services.Should().ContainSingle(outcome => outcome.Succeeded, "{0}", started);
        (await web.ServedAsync()).Should().Be(web.OnDisk());
    }

    /// <summary>An error is an outcome, too.</summary>
    private static async Task EndedAsync(Task command)
    {
        try
        {
            await command;
        }
        catch (Exception failure) when (failure is RemoteRpcException or IOException)
        {
            // The parent has died, or the command is not possible now.
        }
    }

    /// <summary>null: no tree runs yet.</summary>
    private static ServiceStatus? Web(CommandResult status) =>
        status.Output.Length == 0 ? null : JsonSerializer.Deserialize(status.Output, ContractJson.Default.StatusReport)!.Service("web");
}
