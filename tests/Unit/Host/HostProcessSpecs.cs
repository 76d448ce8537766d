using StreamJsonRpc;
using StreamJsonRpc.Protocol;
using Supervisor.Processes;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Host;

/// <summary>The wiring, once each: real processes, pipes and files. The rules themselves are proven without them.</summary>
public sealed class HostProcessSpecs
{
    [Fact]
    public async Task A_server_is_started_reloaded_explained_and_shut_down()
    {
        await using var host = new RunningHost(folder => Shell(folder, "echo up; exec sleep 1000") with { Ready = Line("up") });
        await using var parent = await host.GreetAsync();

        await parent.CallAsync(it => it.StartAsync(new StartOrder("autostart"), CancellationToken.None));
        var first = await parent.UntilAsync(ServicePhase.Ready);

        await parent.CallAsync(
            it => it.ChangedAsync(new ChangeOrder("c1", DateTimeOffset.UtcNow, [Path.Combine(host.Folder, "a.py")], 0, false), CancellationToken.None));
        var second = await parent.CallAsync(it => it.SettledAsync(CancellationToken.None));

        second.Should().Match<ServiceStatus>(status => status.State == ServicePhase.Ready && status.Generation == 2 && status.Pid != first.Pid);
        ProcessStatistics.RunState(first.Pid!.Value).Should().BeNull("the old server is gone and reaped");

        var ledger = await parent.CallAsync(it => it.WhyAsync(10, CancellationToken.None));
        ledger.Entries.Select(entry => (entry.Event, entry.Cause)).Should().Equal(
            ("started", "autostart"), ("ready", "autostart"), ("reloaded", "files"), ("ready", "files"));
        ledger.Entries[2].Files.Should().Equal("a.py");

        var page = await parent.Output.LogsAsync(after: null, last: 100, waitMs: 0, CancellationToken.None);
        page.Lines.Where(line => line.Stream == "stdout").Select(line => line.Text).Should().Equal("up", "up");

        await parent.CallAsync(it => it.ShutdownAsync(new StopOrder(Now: false), CancellationToken.None));
        ProcessStatistics.RunState(second.Pid!.Value).Should().BeNull();
        Directory.GetFiles(host.Folder).Should().BeEmpty("what was on disk for this run is gone");
    }

    [Fact]
    public async Task A_crashing_server_comes_back_with_its_own_exit_told_exactly()
    {
        await using var host = new RunningHost(folder => Shell(folder, "if test -e again; then exec sleep 1000; fi; touch again; kill -SEGV $$"));
        await using var parent = await host.GreetAsync();

        await parent.CallAsync(it => it.StartAsync(new StartOrder("manual"), CancellationToken.None));
        var status = await parent.UntilAsync(ServicePhase.Running, generation: 2);

        status.LastExit.Should().Match<ExitStatus>(exit => exit.Reason == ExitKind.Signal && exit.Signal == "SIGSEGV");
        status.Restarts.Should().Be(1);
    }

    [Fact]
    public async Task A_validation_that_hangs_is_killed_with_all_it_started_and_the_old_server_goes_on()
    {
        await using var host = new RunningHost(folder => Shell(folder, "exec sleep 1000") with
        {
            Validate = new ValidateSpec(["/bin/sh", "-c", "setsid sleep 999 & echo $! > child; sleep 1000"], TimeSpan.FromSeconds(1)),
        });
        await using var parent = await host.GreetAsync();
        await parent.CallAsync(it => it.StartAsync(new StartOrder("manual"), CancellationToken.None));
        var before = await parent.UntilAsync(ServicePhase.Running);

        var outcome = await parent.CallAsync(it => it.RestartAsync(new RestartOrder(Force: false, "manual"), CancellationToken.None));

        outcome.Should().Match<ServiceOutcome>(refused => !refused.Succeeded && refused.Message.Contains("did not end within 1 s"));
        outcome.Status.Should().Match<ServiceStatus>(status => status.Stale && status.Pid == before.Pid && status.State == ServicePhase.Running);
        var child = int.Parse(await File.ReadAllTextAsync(Path.Combine(host.Folder, "child")));
        ProcessStatistics.RunState(child).Should().BeOneOf([null, 'Z'], "the tree of the validation is dead");
        await Wait.UntilAsync(() => ProcessStatistics.RunState(child) is null, "its host, or init, collects the dead");
    }

    [Fact]
    public async Task A_server_that_leaves_a_grandchild_on_its_output_and_port_leaves_nothing()
    {
        await using var host = new RunningHost(folder => Shell(
            folder, "trap '' TERM; (setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' &); echo up; while :; do sleep 1; done") with
        {
            Ready = Line("up"),
            Stop = new StopSpec(15, TimeSpan.FromMilliseconds(200)),
        });
        await using var parent = await host.GreetAsync();
        await parent.CallAsync(it => it.StartAsync(new StartOrder("manual"), CancellationToken.None));
        await parent.UntilAsync(ServicePhase.Ready);

        var status = await parent.CallAsync(it => it.StopAsync(new StopOrder(Now: false), CancellationToken.None));

        status.State.Should().Be(ServicePhase.Stopped);
        status.LastExit!.Signal.Should().Be("SIGKILL");
    }

    [Fact]
    public async Task A_command_that_does_not_exist_blocks_and_says_which()
    {
        await using var host = new RunningHost(folder => Shell(folder, "") with { Command = ["no-such-program"] });
        await using var parent = await host.GreetAsync();

        await parent.CallAsync(it => it.StartAsync(new StartOrder("manual"), CancellationToken.None));

        (await parent.UntilAsync(ServicePhase.Blocked)).Reason.Should().Contain("no-such-program");
    }

    [Fact]
    public async Task A_newer_parent_takes_over_and_an_older_one_is_refused()
    {
        await using var host = new RunningHost(folder => Shell(folder, "exec sleep 1000"));
        await using var first = await host.GreetAsync(epoch: 5);
        await using var second = await host.GreetAsync(epoch: 6);

        await first.Ended.WaitAsync(TimeSpan.FromSeconds(10));
        await second.CallAsync(it => it.StartAsync(new StartOrder("manual"), CancellationToken.None));

        var late = () => host.GreetAsync(epoch: 5);
        (await late.Should().ThrowAsync<RemoteRpcException>()).Which.ErrorCode.Should().Be((JsonRpcErrorCode)ErrorCode.Outdated);
    }

    [Fact]
    public async Task A_host_whose_parent_stays_away_stops_its_server_and_leaves()
    {
        await using var host = new RunningHost(folder => Shell(folder, "exec sleep 1000"));

        await using (var parent = await host.GreetAsync(orphanGrace: TimeSpan.FromMilliseconds(300)))
        {
            await parent.CallAsync(it => it.StartAsync(new StartOrder("manual"), CancellationToken.None));
            await parent.UntilAsync(ServicePhase.Running);
        }

        (await host.Ended.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue("it leaves for good");
    }

    private static ReadySpec.OutputLine Line(string pattern) => new(pattern, TimeSpan.FromSeconds(20));

    private static ServiceSpec Shell(string folder, string script) =>
        Services.Web with { Command = ["/bin/sh", "-c", script], WorkingDirectory = folder };
}
