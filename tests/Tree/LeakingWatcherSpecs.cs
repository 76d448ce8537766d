using System.Globalization;
using Supervisor.Stress.Faults;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A watcher whose native heap leaks for real: a preloaded library leaks, the product has no hook for it.</summary>
public sealed class LeakingWatcherSpecs
{
    private const long Cap = 128L * 1024 * 1024;

    [HookTheory]
    [InlineData(null)]
    [InlineData("sampling")]
    public async Task A_watcher_that_leaks_past_its_cap_is_replaced_and_never_exceeds_the_cap_by_more_than_a_tenth(string? limits)
    {
        await using var tree = TestTree.Create();
        var hook = await FaultHook.InstallAsync(tree);
        tree["SUPERVISOR_LIMITS"] = limits;
        var app = new TestService(tree, "app");
        app.Save("page.txt", "first");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}} } }""");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var before = await control.WaitForAsync(board => board.Watcher.State == WatcherPhase.Watching, "the watcher is watching");

        hook.TrySend(before.Watcher.Pid!.Value, "leak 40 1000").Should().BeTrue();
        var peak = await PeakUntilGoneAsync(before.Watcher.Pid!.Value);
        app.Save("page.txt", "saved while it leaked");
        var after = await control.WaitForAsync(
            board => board.Watcher is { State: WatcherPhase.Watching, Pid: { } pid } && pid != before.Watcher.Pid, "a new watcher is watching");
        await control.CallAsync(it => it.FlushAsync());

        peak.Should().BeInRange(Cap / 2, Cap + (Cap / 10));
        after.Watcher.Restarts.Should().BePositive();
        (await app.ServedAsync()).Should().Be(app.OnDisk());
        (await control.StatusAsync()).Service("app").Should().BeEquivalentTo(new { Restarts = 0, before.Service("app").HostPid });
    }

    /// <summary>The peak resident memory of the process (the kernel's high-water mark).</summary>
    private static async Task<long> PeakUntilGoneAsync(int pid)
    {
        long peak = 0;
        await Wait.UntilAsync(
            () =>
            {
                var now = HighWaterMark(pid);
                peak = Math.Max(peak, now ?? 0);
                return now is null;
            },
            "the leaking watcher is gone");
        return peak;
    }

    private static long? HighWaterMark(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? null : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return null; // The process has ended.
        }
    }
}
