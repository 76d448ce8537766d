using System.Diagnostics;
using Supervisor.Tree.Harness;
using Supervisor.Wire.Contracts;

namespace Supervisor.Stress;

/// <summary>
/// The first scenario: each period three jobs do real file work below two services, the watcher is killed in the middle of it, and at the end
/// of every period each changed service runs the newest content while the one without changes is still its first process.
/// </summary>
internal sealed class SmokeScenario(int cycles, TimeSpan period, int seed)
{
    private const int JobsPerCycle = 3;
    private static readonly string[] Signals = ["KILL", "ABRT", "SEGV"];

    public async Task<int> RunAsync(CancellationToken stopping)
    {
        await using var tree = TestTree.Create("smoke");
        Site[] changing = [new Site(tree, "app"), new Site(tree, "api")];
        var still = new Site(tree, "still");
        still.Save("page.txt", "never changes");
        tree.WriteConfig(
            $$"""{ "services": { {{string.Join(",\n", changing.Append(still).Select(site => site.Entry()))}} } }""");
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var first = (await control.StatusAsync()).Service(still.Name);
        await using var requests = new SteadyRequests(still);
        var random = new Random(seed);
        var jobs = Enumerable.Range(0, JobsPerCycle).Select(job => new SavingScript(changing[job % changing.Length], random.Next())).ToArray();

        var broken = new List<string>();
        for (var cycle = 1; cycle <= cycles && broken.Count == 0; cycle++)
        {
            var began = Stopwatch.GetTimestamp();
            await RunCycleAsync(control, jobs, Signals[cycle % Signals.Length]);
            broken.AddRange(await BrokenInvariantsAsync(control, changing, first, requests));
            Console.WriteLine($"cycle {cycle}/{cycles}: {requests.Made} requests, {(broken.Count == 0 ? "all invariants hold" : "BROKEN")}");

            if (period - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } rest && cycle < cycles)
                await Task.Delay(rest, stopping);
        }

        foreach (var invariant in broken)
            Console.WriteLine($"BROKEN: {invariant}");
        if (broken.Count > 0)
            Console.WriteLine($"Replay with: --cycles {cycles} --speed {40 / period.TotalSeconds} --seed {seed}\n{tree.Logs()}");
        return broken.Count == 0 ? 0 : 1;
    }

    private static async Task RunCycleAsync(ControlClient control, SavingScript[] jobs, string signal)
    {
        foreach (var job in jobs)
            job.Step();
        var doomed = (await control.WaitForAsync(board => board.Watcher.Pid is not null, "a watcher has a pid")).Watcher.Pid!.Value;
        await Kill.UntilDeadAsync(doomed, signal);
        foreach (var job in jobs)
            job.Step();
        await control.WaitForAsync(board => board.Watcher.Pid is { } pid && pid != doomed, "a new watcher has a pid");
        await control.CallAsync(ControlPipe.Flush, Nothing.Instance);
    }

    private static async Task<List<string>> BrokenInvariantsAsync(
        ControlClient control, Site[] changing, ServiceStatus first, SteadyRequests requests)
    {
        var broken = new List<string>();
        foreach (var site in changing)
        {
            if (await site.ServedAsync() != site.OnDisk())
                broken.Add($"{site.Name} does not run what was saved last");
        }

        var board = await control.StatusAsync();
        if (board.Service(first.Name) is var now && (now.Pid, now.Generation) != (first.Pid, first.Generation))
            broken.Add($"{first.Name} was restarted: {now}");
        broken.AddRange(requests.Failures.Select(failure => $"a request failed: {failure}"));
        broken.AddRange(LeftBehind.ZombiesOf(board.Tree.ParentPid).Select(zombie => $"the parent left the zombie {zombie}"));
        return broken;
    }
}
