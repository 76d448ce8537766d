using System.Diagnostics;
using Supervisor.Processes;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Hosts that stand still, or run on while their parent is another one.</summary>
public sealed class SilentHostSpecs
{
    [Fact]
    public async Task A_tree_at_rest_for_longer_than_any_silence_is_left_alone()
    {
        await using var tree = await StartedAsync();
        var before = (await tree.StatusAsync()).Service("app");

        // Twice the longest silence, in which a host without a heartbeat would have been replaced.
        await Wait.UntilAsync(
            () => DateTime.Now - Process.GetProcessById(before.HostPid!.Value).StartTime > TimeSpan.FromSeconds(20), "it has run for 20 s");

        var after = (await tree.StatusAsync()).Service("app");
        (after.HostPid, after.Generation).Should().Be((before.HostPid, before.Generation));
        File.ReadAllText(Directory.EnumerateFiles(tree.StateBase, "parent*.log", SearchOption.AllDirectories).Single()).Should().NotContain("is silent");
    }

    [Fact]
    public async Task A_host_that_was_stopped_is_continued_and_its_server_does_not_notice()
    {
        await using var tree = await StartedAsync();
        var before = (await tree.StatusAsync()).Service("app");

        Kill.Send(before.HostPid!.Value, "STOP");
        await Wait.UntilAsync(() => ProcessStatistics.RunState(before.HostPid!.Value) is not 'T', "it is continued");

        var after = (await tree.StatusAsync()).Service("app");
        (after.HostPid, after.Pid, after.Generation).Should().Be((before.HostPid, before.Pid, before.Generation));
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_host_that_cannot_be_continued_is_replaced()
    {
        await using var tree = await StartedAsync();
        await using var control = await tree.ConnectAsync();
        var before = (await tree.StatusAsync()).Service("app");

        await using var debugger = tree.BeginOther("/usr/bin/python3", "-c", HoldAllThreads, $"{before.HostPid}");
        await Wait.UntilAsync(() => debugger.Output.Contains("held", StringComparison.Ordinal), "every thread of the host is held");

        var after = await control.WaitForAsync(
            board => board.Service("app") is { State: ServicePhase.Running, HostPid: { } host } && host != before.HostPid, "another host runs the server");
        TaggedProcesses.IsAlive(before.HostPid!.Value).Should().BeFalse();
        TaggedProcesses.IsAlive(before.Pid!.Value).Should().BeFalse();
        after.Service("app").Pid.Should().NotBe(before.Pid);
    }

    [NeedsFact("/proc/self/fd")]
    public async Task Each_parent_reads_the_heartbeats_of_its_hosts_from_memory_also_those_that_it_adopts()
    {
        await using var tree = await StartedAsync();
        var first = (await tree.StatusAsync()).Tree.ParentPid;
        await Wait.UntilAsync(() => Heartbeats(first) == 1, "the heartbeat is open");

        await Kill.UntilDeadAsync(first, "KILL");
        await tree.StartAsync();
        var second = (await tree.StatusAsync()).Tree.ParentPid;
        await Wait.UntilAsync(() => Heartbeats(second) == 1, "the heartbeat of the adopted host is open");

        (await tree.RunAsync("restart", "app")).ExitCode.Should().Be(0);
        Heartbeats(second).Should().Be(1, "the host is the same");

        static int Heartbeats(int parent) =>
            Directory.GetFiles($"/proc/{parent}/fd").Count(descriptor => new FileInfo(descriptor).LinkTarget?.StartsWith("/memfd:supervisor-heartbeat", StringComparison.Ordinal) == true);
    }

    /// <summary>As a debugger at a breakpoint: unlike a stopped process, SIGCONT does not continue it.</summary>
    private const string HoldAllThreads = """
        import ctypes, os, sys
        attach, any_child = 16, 0x40000000
        for thread in os.listdir(f"/proc/{sys.argv[1]}/task"):
            ctypes.CDLL(None).ptrace(attach, int(thread), None, None)
            os.waitpid(int(thread), any_child)
        print("held", flush=True)
        while True:
            try:
                os.waitpid(-1, any_child)
            except ChildProcessError:
                break
        """;

    private static async Task<TestTree> StartedAsync()
    {
        var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "app": { "command": ["sleep", "1000"] } } }""");
        await tree.StartAsync();
        return tree;
    }
}
