using StreamJsonRpc;
using StreamJsonRpc.Protocol;
using Supervisor.Processes;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Host;

/// <summary>The parts of a host together, with real processes, pipes and files. Other specs test the rules.</summary>
public sealed class HostProcessSpecs
{
    [Fact]
    public async Task A_server_starts_reloads_has_a_ledger_and_shuts_down()
    {
        await using var host = new HostFixture(folder => Shell(folder, "echo up; exec sleep 1000") with { Ready = Line("up") });
        await using var parent = await host.ConnectParentAsync();

        await parent.CallAsync(it => it.StartAsync(new StartOrder("autostart"), CancellationToken.None));
        var first = await parent.WaitForAsync(ServicePhase.Ready);

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
        Directory.GetFiles(host.Folder).Should().BeEmpty("the files of this run are removed");
    }

    [Fact]
    public async Task A_crashed_server_restarts_and_its_exact_exit_is_reported()
    {
        await using var host = new HostFixture(folder => Shell(folder, "if test -e again; then exec sleep 1000; fi; touch again; kill -SEGV $$"));
        await using var parent = await host.ConnectParentAsync();

        await parent.CallAsync(it => it.StartAsync(new StartOrder("manual"), CancellationToken.None));
        var status = await parent.WaitForAsync(ServicePhase.Running, generation: 2);

        status.LastExit.Should().Match<ExitStatus>(exit => exit.Reason == ExitKind.Signal && exit.Signal == "SIGSEGV");
        status.Restarts.Should().Be(1);
    }

    [Fact]
    public async Task A_hanging_validation_is_killed_with_all_its_processes_and_the_old_server_stays()
    {
        await using var host = new HostFixture(folder => Shell(folder, "exec sleep 1000") with
        {
            Validate = new ValidateSpec(["/bin/sh", "-c", "setsid sleep 999 & echo $! > child; sleep 1000"], TimeSpan.FromSeconds(5), AtStart: false),
        });
        await using var parent = await host.ConnectParentAsync();
        await parent.CallAsync(it => it.StartAsync(new StartOrder("manual"), CancellationToken.None));
        var before = await parent.WaitForAsync(ServicePhase.Running);

        var outcome = await parent.CallAsync(it => it.RestartAsync(new RestartOrder(Force: false, "manual"), CancellationToken.None));

        outcome.Should().Match<ServiceOutcome>(refused => !refused.Succeeded && refused.Message.Contains("did not end within 5 s"));
        outcome.Status.Should().Match<ServiceStatus>(status => status.Stale && status.Pid == before.Pid && status.State == ServicePhase.Running);
        var child = int.Parse(await File.ReadAllTextAsync(Path.Combine(host.Folder, "child")));
        ProcessStatistics.RunState(child).Should().BeOneOf([null, 'Z'], "all processes of the validation are dead");
        await Wait.UntilAsync(() => ProcessStatistics.RunState(child) is null, "its host, or init, reaps it");
    }

    [Fact]
    public async Task A_grandchild_that_holds_the_servers_output_is_killed_too()
    {
        await using var host = new HostFixture(folder => Shell(
            folder, "trap '' TERM; (setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' &); echo up; while :; do sleep 1; done") with
        {
            Ready = Line("up"),
            Stop = new StopSpec(15, TimeSpan.FromMilliseconds(200)),
        });
        await using var parent = await host.ConnectParentAsync();
        await parent.CallAsync(it => it.StartAsync(new StartOrder("manual"), CancellationToken.None));
        await parent.WaitForAsync(ServicePhase.Ready);

        var status = await parent.CallAsync(it => it.StopAsync(new StopOrder(Now: false), CancellationToken.None));

        status.State.Should().Be(ServicePhase.Stopped);
        status.LastExit!.Signal.Should().Be("SIGKILL");
    }

    [Fact]
    public async Task A_missing_command_blocks_and_the_reason_names_it()
    {
        await using var host = new HostFixture(folder => Shell(folder, "") with { Command = ["no-such-program"] });
        await using var parent = await host.ConnectParentAsync();

        await parent.CallAsync(it => it.StartAsync(new StartOrder("manual"), CancellationToken.None));

        (await parent.WaitForAsync(ServicePhase.Blocked)).Reason.Should().Contain("no-such-program");
    }

    [Fact]
    public async Task A_newer_parent_takes_over_and_an_older_one_is_refused()
    {
        await using var host = new HostFixture(folder => Shell(folder, "exec sleep 1000"));
        await using var first = await host.ConnectParentAsync(epoch: 5);
        await using var second = await host.ConnectParentAsync(epoch: 6);

        await first.Ended.WaitAsync(TimeSpan.FromSeconds(30));
        await second.CallAsync(it => it.StartAsync(new StartOrder("manual"), CancellationToken.None));

        var late = () => host.ConnectParentAsync(epoch: 5);
        (await late.Should().ThrowAsync<RemoteRpcException>()).Which.ErrorCode.Should().Be((JsonRpcErrorCode)ErrorCode.Outdated);
    }

    [Fact]
    public async Task A_host_without_a_parent_stops_its_server_and_exits()
    {
        await using var host = new HostFixture(folder => Shell(folder, "exec sleep 1000"));

        await using (var parent = await host.ConnectParentAsync(orphanGrace: TimeSpan.FromMilliseconds(300)))
        {
            await parent.CallAsync(it => it.StartAsync(new StartOrder("manual"), CancellationToken.None));
            await parent.WaitForAsync(ServicePhase.Running);
        }

        (await host.Ended.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue("the exit is final");
    }

    private static ReadySpec.OutputLine Line(string pattern) => new(pattern, TimeSpan.FromSeconds(20));

    private static ServiceSpec Shell(string folder, string script) =>
        TestServices.Web with { Command = ["/bin/sh", "-c", script], WorkingDirectory = folder };
}
