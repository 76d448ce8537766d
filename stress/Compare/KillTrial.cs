using System.Globalization;
using Supervisor.Stress.Compare.Tools;
using Supervisor.Stress.Project;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Compare;

/// <summary>Kills the tool's watching component with SIGKILL, changes a source afterwards, and observes the result of both.</summary>
internal static class KillTrial
{
    /// <summary>Time from the kill to the change, in which a tool can recover.</summary>
    private static readonly TimeSpan DelayBeforeChange = TimeSpan.FromSeconds(3);

    public static async Task<KillOutcome> RunAsync(RunningTool running, int number, CancellationToken stopping)
    {
        var service = running.Sandbox.Project.Busy.First();
        var before = running.Answers;
        var killedAt = running.Now;
        var victim = running.Tool.FindWatcher(running.Sandbox, service);
        if (victim is { } pid)
            Kill.Send(pid, "KILL");

        var cameBack = await CameBackAsync(running, service, victim, killedAt, stopping);
        var after = running.Answers;
        var served = await ServedAsync(running, service, number);
        cameBack ??= NewWatcher(running, service, victim) ? running.Now - killedAt : null;
        return new KillOutcome(
            victim, cameBack, after.Count(answer => answer is not null),
            before.Zip(after).Count(pair => pair is ({ } old, { } now) && old.Pid != now.Pid), served, running.Up, before.Count);
    }

    private static async Task<TimeSpan?> CameBackAsync(
        RunningTool running, ProjectService service, int? victim, TimeSpan killedAt, CancellationToken stopping)
    {
        TimeSpan? cameBack = await ToolSandbox.WaitUntilAsync(() => NewWatcher(running, service, victim), DelayBeforeChange) ? running.Now - killedAt : null;
        var rest = killedAt + DelayBeforeChange - running.Now;
        await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, stopping);
        return cameBack;
    }

    private static bool IsNoProgram(string path) => path != "manage.py" && !path.StartsWith("server/", StringComparison.Ordinal);

    private static bool NewWatcher(RunningTool running, ProjectService service, int? victim) =>
        running.Tool.FindWatcher(running.Sandbox, service) is { } watcher && watcher != victim;

    private static async Task<TimeSpan?> ServedAsync(RunningTool running, ProjectService service, int number)
    {
        var source = Path.Combine(service.Folder, SourceManifest.Read(service.Folder, service.Extension).Hashes.Keys.First(IsNoProgram));
        await File.AppendAllTextAsync(source, string.Create(CultureInfo.InvariantCulture, $"\n# kill {number}\n"), CancellationToken.None);
        var savedAt = running.Now;
        var digest = RunningTool.DigestOnDisk(service);
        return await ToolSandbox.WaitUntilAsync(() => running.Newest(service)?.Digest == digest, LoadFigures.Deadline) ? running.Now - savedAt : null;
    }
}
