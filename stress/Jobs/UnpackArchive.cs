using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>Unpacks an archive of sources over a folder. The files keep their archived times: a new file may look older than the one it replaces.</summary>
internal sealed class UnpackArchive : IJob
{
    private const int Files = 80;

    private static readonly DateTime LongAgo = new(2001, 9, 9, 1, 46, 40, DateTimeKind.Utc);

    public string Name => "unpack-archive";

    public string Summary => $"unpacks {Files} sources with tar over a service, with times of 2001 or of the file that each replaces: one reload";

    public string? Missing => InstalledTools.Local.Has(Tool.Tar) ? null : "tar";

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) => project.Pick(1, random);

    public async Task RunAsync(JobContext context, CancellationToken stopping)
    {
        var sources = new SourceFolder(context.Services[0]);

        // Beside the services' folders, which is not watched.
        var work = Directory.CreateDirectory(Path.Combine(context.Project.Folder, "archives", $"job-{context.Number}")).FullName;
        try
        {
            var archive = Path.Combine(work, "sources.tar");
            var content = Path.Combine(work, "sources");
            foreach (var path in sources.Pick(Files, context.Random))
                Pack(context, sources, path, Path.Combine(content, path));

            var tar = InstalledTools.Local.Require(Tool.Tar);
            await ToolProcess.RunAsync(tar, ["-cf", archive, "-C", content, "."], work, stopping);
            await ToolProcess.RunAsync(tar, ["-xf", archive, "-C", sources.Folder, "--no-overwrite-dir"], work, stopping);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static void Pack(JobContext context, SourceFolder sources, string path, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, context.TextFor(path));
        File.SetLastWriteTimeUtc(file, context.Random.Next(2) == 0 ? LongAgo : File.GetLastWriteTimeUtc(sources.PathOf(path)));
    }
}
