using System.Globalization;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Running;

/// <summary>The output folder of a run: report, record, and the tree's own logs.</summary>
internal sealed class ReportFolder
{
    private ReportFolder(string path) => Path = path;

    public string Path { get; }

    public string Record => System.IO.Path.Combine(Path, "record.jsonl");

    public string Report => System.IO.Path.Combine(Path, "report.html");

    /// <exception cref="IOException">It cannot be created.</exception>
    public static ReportFolder Create(RunOptions options)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{options.Plan.Scenario}-{options.Plan.Seed}");
        return new ReportFolder(Directory.CreateDirectory(options.ReportFolder ?? System.IO.Path.Combine("stress-reports", name)).FullName);
    }

    /// <summary>Copies the logs of parent, watcher and hosts, for the analysis of violations.</summary>
    public void CopyLogs(TestTree home)
    {
        foreach (var log in Directory.EnumerateFiles(home.StateBase, "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(Path, "logs", System.IO.Path.GetFileName(log));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(log, copy, overwrite: true);
        }
    }
}
