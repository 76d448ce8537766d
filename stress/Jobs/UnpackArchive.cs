using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>An archive of sources is unpacked over a folder. The files come with their old times: a file that is new may look older than the one it replaces.</summary>
internal sealed class UnpackArchive : IJob
{
    private const int Files = 80;

    private static readonly DateTime LongAgo = new(2001, 9, 9, 1, 46, 40, DateTimeKind.Utc);

    public string Name => "unpack-archive";

    public string Summary => $"unpacks {Files} sources with tar over a service, with times of 2001 or of the file that each replaces: one reload";

    public string? Missing => ToolBox.Here.Has(Tool.Tar) ? null : "tar";

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) => project.Pick(1, random);

    public async Task RunAsync(JobSite site, CancellationToken stopping)
    {
        var sources = new SourceFolder(site.Services[0]);

        // Beside the services' folders: nobody watches there.
        var work = Directory.CreateDirectory(Path.Combine(site.Project.Folder, "archives", $"job-{site.Number}")).FullName;
        try
        {
            var archive = Path.Combine(work, "sources.tar");
            var content = Path.Combine(work, "sources");
            foreach (var path in sources.Pick(Files, site.Random))
                Pack(site, sources, path, Path.Combine(content, path));

            var tar = ToolBox.Here.Needed(Tool.Tar);
            await Workshop.RunAsync(tar, ["-cf", archive, "-C", content, "."], work, stopping);
            await Workshop.RunAsync(tar, ["-xf", archive, "-C", sources.Folder, "--no-overwrite-dir"], work, stopping);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static void Pack(JobSite site, SourceFolder sources, string path, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, site.TextFor(path));
        File.SetLastWriteTimeUtc(file, site.Random.Next(2) == 0 ? LongAgo : File.GetLastWriteTimeUtc(sources.PathOf(path)));
    }
}
