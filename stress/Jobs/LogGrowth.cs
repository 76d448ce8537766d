using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>Appends to log files in the watched folders in many small writes, and rotates them.</summary>
internal sealed class LogGrowth : IJob
{
    private const int Lines = 1500;
    private const int LinesAtOnce = 20;
    private const long RotatedAt = 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly string[] Logs = ["debug.log", "logs/access.log", "logs/error.log"];

    public string Name => "log-growth";

    public string Summary => $"appends {Lines} lines, one by one, to log files inside the watched folders: no restart";

    public string? Missing => null;

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) => project.Pick(3, random);

    public async Task RunAsync(JobContext context, CancellationToken stopping)
    {
        string[] logs = [.. context.Services.SelectMany(service => Logs.Select(log => Path.Combine(service.Folder, log)))];
        foreach (var log in logs)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(log)!);
            if (new FileInfo(log) is { Exists: true, Length: > RotatedAt })
                File.Move(log, log + ".1", overwrite: true);
        }

        for (var line = 0; line < Lines; line++)
        {
            if (line % LinesAtOnce == 0)
                await Task.Delay(Pause, stopping);
            File.AppendAllText(logs[context.Random.Next(logs.Length)], $"{context.Signature} line {line}: {new string('=', context.Random.Next(20, 400))}\n");
        }
    }
}
