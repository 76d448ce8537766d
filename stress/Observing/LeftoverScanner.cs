using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Observing;

/// <summary>Where leftovers of a run may be after its tree was stopped.</summary>
/// <param name="Tag">A variable in the environment of every process of the run.</param>
/// <param name="RuntimeBase">The folder above the tree's runtime folder; an orderly stop leaves no file in it.</param>
/// <param name="RunId">The name of the runtime folder, also part of the names of the run's cgroups.</param>
/// <param name="Temporary">TMPDIR of the tree and its servers only.</param>
/// <param name="Starter">The pid of the process that started the run's commands; it must have reaped them all.</param>
internal sealed record LeftoverScope(
    string Tag, IReadOnlyList<int> Ports, string RuntimeBase, string RunId, string Temporary, int Starter);

/// <summary>Finds what outlived the tree: processes, zombies, bound ports, files and control groups.</summary>
internal sealed class LeftoverScanner(IRecord record, LeftoverScope scope)
{
    private const string Cgroups = "/sys/fs/cgroup";

    /// <summary>The process that inherited a killed process reaps it, init after a delay.</summary>
    private static readonly TimeSpan ReapTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Call before the stop. Finds zombies of parent, watcher and hosts; once those end, init reaps the zombies.</summary>
    public async Task ScanBeforeStopAsync(StatusReport board)
    {
        int?[] reapers = [board.Tree.ParentPid, board.Watcher.Pid, .. board.Services.Select(service => service.HostPid)];
        await ReportZombiesOfAsync([.. reapers.OfType<int>()]);
    }

    /// <summary>Call after <c>supervisor stop</c> has returned, which promises that everything is gone. Waits only for zombies.</summary>
    public async Task ScanAsync()
    {
        foreach (var process in TaggedProcesses.Find(scope.Tag))
            Report("process", $"{process.Pid}: {process.CommandLine}");
        foreach (var port in scope.Ports.Where(port => !Ports.CanBind(port)))
            Report("port", $"{port}");
        foreach (var file in FilesBelow(scope.RuntimeBase).Concat(FilesBelow(scope.Temporary).Where(file => !IsDebuggerSocket(file))))
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
            await Wait.UntilAsync(() => !ZombiesOf(parents).Intersect(first).Any(), "the zombies are reaped", ReapTimeout);
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

    /// <summary>Debugger sockets and pipes of CoreCLR: a killed process cannot remove them, and the next one does not overwrite them.</summary>
    private static bool IsDebuggerSocket(string file) => Path.GetFileName(file) is var name
        && (name.StartsWith("dotnet-diagnostic-", StringComparison.Ordinal) || name.StartsWith("clr-debug-pipe-", StringComparison.Ordinal));

    private static IEnumerable<string> GroupsOf(string runId) => !Directory.Exists(Cgroups) || runId.Length == 0
        ? []
        : Directory.EnumerateDirectories(Cgroups, $"*{runId}*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true });

    private void Report(string what, string detail) => record.Append(new LeftoverFound(record.Now, what, detail));
}
