using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>Packages that a project keeps among its sources are installed, upgraded and removed as whole folders.</summary>
internal sealed class InstallWatched : IJob
{
    private const int FilesWithoutExample = 100;

    public string Name => "install-watched";

    public string Summary => "installs, upgrades or removes a package of up to 100 sources below the watched vendor/: one reload";

    public string? Missing => null;

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) => project.Pick(1, random);

    /// <summary>There is always an alder, as large as it was at first; a birch comes and goes beside it.</summary>
    public async Task RunAsync(JobSite site, CancellationToken stopping)
    {
        var service = site.Services[0];
        var vendor = Directory.CreateDirectory(Path.Combine(service.Folder, SourceFolder.Vendor)).FullName;
        var alder = Path.Combine(vendor, "alder");
        var birch = Path.Combine(vendor, "birch");
        var size = Directory.Exists(alder) ? SourceManifest.Paths(alder, service.Extension).Count() : FilesWithoutExample;

        if (!Directory.Exists(alder) || (Directory.Exists(birch) && site.Random.Next(3) == 0))
            await InstallAsync(site, alder, size, stopping);
        else if (!Directory.Exists(birch) || site.Random.Next(2) == 0)
            await InstallAsync(site, birch, size, stopping);
        else
            Directory.Delete(birch, recursive: true);
    }

    /// <summary>
    /// File by file into its place; or unpacked where nobody looks and then moved in, one event for a whole folder; or mirrored from there by rsync, where it
    /// is installed.
    /// </summary>
    private static Task InstallAsync(JobSite site, string package, int size, CancellationToken stopping)
    {
        var unpacked = Path.Combine(site.Services[0].Folder, "build", "unpacked");
        switch (site.Random.Next(3))
        {
            case 0:
                Remove(package);
                Unpack(site, package, size, stopping);
                return Task.CompletedTask;
            case 1 when ToolBox.Here[Tool.Rsync] is { } rsync:
                Unpack(site, unpacked, size, stopping);
                return Workshop.RunAsync(rsync, ["--archive", "--delete", unpacked + "/", package], site.Services[0].Folder, stopping);
            default:
                Unpack(site, unpacked, size, stopping);
                Remove(package);
                Directory.Move(unpacked, package);
                return Task.CompletedTask;
        }
    }

    private static void Unpack(JobSite site, string folder, int size, CancellationToken stopping)
    {
        foreach (var path in SourcePaths.Spread(size, site.Services[0].Extension))
        {
            stopping.ThrowIfCancellationRequested();
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllText(Path.Combine(folder, path), site.TextFor(path));
        }
    }

    private static void Remove(string package)
    {
        if (Directory.Exists(package))
            Directory.Delete(package, recursive: true);
    }
}
