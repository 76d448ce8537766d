using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Observing;

/// <summary>Where something of a run may be left once its tree has been stopped.</summary>
/// <param name="Tag">In the environment of every process of the run.</param>
/// <param name="RuntimeBase">Folder above the tree's runtime folder; an orderly stop leaves no file in it.</param>
/// <param name="RunId">Name of the runtime folder: also in the names of the run's cgroups.</param>
/// <param name="Temporary">TMPDIR of the tree and its servers, and of nobody else.</param>
/// <param name="Starter">Pid of the process that started the run's commands: it must have collected them all.</param>
internal sealed record LeftoverScope(
    string Tag, IReadOnlyList<int> Ports, string RuntimeBase, string RunId, string Temporary, int Starter);

/// <summary>Looks for what outlived the tree: processes, zombies, bound ports, files and control groups.</summary>
internal sealed class LeftoverScanner(IRecord record, LeftoverScope scope)
{
    private const string Cgroups = "/sys/fs/cgroup";

    /// <summary>A process that was killed is collected by whoever inherited it: by init, when it gets to it.</summary>
    private static readonly TimeSpan ZombiePatience = TimeSpan.FromSeconds(5);

    /// <summary>Before the stop: dead children of parent, watcher and hosts that nobody collects. Once those end, init does, and nothing is to be seen.</summary>
    public async Task ScanBeforeStopAsync(StatusReport board)
    {
        int?[] collectors = [board.Tree.ParentPid, board.Watcher.Pid, .. board.Services.Select(service => service.HostPid)];
        await ReportZombiesOfAsync([.. collectors.OfType<int>()]);
    }

    /// <summary>After <c>supervisor stop</c> has returned: it promises that everything is gone by then, so only zombies are waited for.</summary>
    public async Task ScanAsync()
    {
        foreach (var process in TaggedProcesses.Find(scope.Tag))
            Report("process", $"{process.Pid}: {process.CommandLine}");
        foreach (var port in scope.Ports.Where(port => !Ports.CanBind(port)))
            Report("port", $"{port}");
        foreach (var file in FilesBelow(scope.RuntimeBase).Concat(FilesBelow(scope.Temporary).Where(file => !IsOfTheRuntime(file))))
            Report("file", file);
        foreach (var group in GroupsOf(scope.RunId))
            Report("file", group);
        await ReportZombiesOfAsync([scope.Starter]);
    }

    private async Task ReportZombiesOfAsync(IReadOnlyList<int> parents)
    {
        var first = ZombiesOf(parents);
        try
        {
            await Wait.UntilAsync(() => !ZombiesOf(parents).Intersect(first).Any(), "the zombies are collected", ZombiePatience);
        }
        catch (TimeoutException)
        {
            foreach (var zombie in ZombiesOf(parents).Intersect(first))
                Report("zombie", $"{zombie}, a child of {ProcStat.TryRead(zombie)?.Parent}");
        }
    }

    private static IReadOnlyList<int> ZombiesOf(IReadOnlyList<int> parents) => [.. parents.SelectMany(TaggedProcesses.ZombiesOf)];

    private static IEnumerable<string> FilesBelow(string folder) => !Directory.Exists(folder)
        ? []
        : Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Where(entry => !Directory.Exists(entry));

    /// <summary>CoreCLR's own sockets and pipes for debuggers: a killed process cannot remove them, and each next one overwrites none of them.</summary>
    private static bool IsOfTheRuntime(string file) => Path.GetFileName(file) is var name
        && (name.StartsWith("dotnet-diagnostic-", StringComparison.Ordinal) || name.StartsWith("clr-debug-pipe-", StringComparison.Ordinal));

    private static IEnumerable<string> GroupsOf(string runId) => !Directory.Exists(Cgroups) || runId.Length == 0
        ? []
        : Directory.EnumerateDirectories(Cgroups, $"*{runId}*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true });

    private void Report(string what, string detail) => record.Append(new LeftoverFound(record.Now, what, detail));
}
