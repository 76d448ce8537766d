using System.Globalization;
using Supervisor.Stress.Compare.Tools;
using Supervisor.Stress.Project;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Compare;

/// <summary>Kills the tool's watching component with SIGKILL, changes a source afterwards, and looks at what comes of both.</summary>
internal static class KillTrial
{
    /// <summary>From the kill to the change: time for a tool to notice that it is hurt.</summary>
    private static readonly TimeSpan ToRecover = TimeSpan.FromSeconds(3);

    public static async Task<KillOutcome> RunAsync(ToolStage stage, int number, CancellationToken stopping)
    {
        var service = stage.Site.Project.Busy.First();
        var before = stage.Answers;
        var killedAt = stage.Now;
        var victim = stage.Tool.FindWatcher(stage.Site, service);
        if (victim is { } pid)
            Kill.Send(pid, "KILL");

        var cameBack = await CameBackAsync(stage, service, victim, killedAt, stopping);
        var after = stage.Answers;
        var served = await ServedAsync(stage, service, number);
        cameBack ??= NewWatcher(stage, service, victim) ? stage.Now - killedAt : null;
        return new KillOutcome(
            victim, cameBack, after.Count(answer => answer is not null),
            before.Zip(after).Count(pair => pair is ({ } old, { } now) && old.Pid != now.Pid), served, stage.Up, before.Count);
    }

    private static async Task<TimeSpan?> CameBackAsync(
        ToolStage stage, ProjectService service, int? victim, TimeSpan killedAt, CancellationToken stopping)
    {
        TimeSpan? cameBack = await ToolSite.SettleAsync(() => NewWatcher(stage, service, victim), ToRecover) ? stage.Now - killedAt : null;
        var rest = killedAt + ToRecover - stage.Now;
        await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, stopping);
        return cameBack;
    }

    private static bool IsNoProgram(string path) => path != "manage.py" && !path.StartsWith("server/", StringComparison.Ordinal);

    private static bool NewWatcher(ToolStage stage, ProjectService service, int? victim) =>
        stage.Tool.FindWatcher(stage.Site, service) is { } watcher && watcher != victim;

    private static async Task<TimeSpan?> ServedAsync(ToolStage stage, ProjectService service, int number)
    {
        var source = Path.Combine(service.Folder, SourceManifest.Read(service.Folder, service.Extension).Hashes.Keys.First(IsNoProgram));
        await File.AppendAllTextAsync(source, string.Create(CultureInfo.InvariantCulture, $"\n# kill {number}\n"), CancellationToken.None);
        var savedAt = stage.Now;
        var digest = ToolStage.DigestOnDisk(service);
        return await ToolSite.SettleAsync(() => stage.Newest(service)?.Digest == digest, LoadFigures.Deadline) ? stage.Now - savedAt : null;
    }
}
