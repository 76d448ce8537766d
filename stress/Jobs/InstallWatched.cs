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

    public Task RunAsync(JobSite site, CancellationToken stopping) => Task.Run(() => Change(site, stopping), stopping);

    /// <summary>There is always an alder, as large as it was at first; a birch comes and goes beside it.</summary>
    private static void Change(JobSite site, CancellationToken stopping)
    {
        var service = site.Services[0];
        var vendor = Directory.CreateDirectory(Path.Combine(service.Folder, SourceFolder.Vendor)).FullName;
        var alder = Path.Combine(vendor, "alder");
        var birch = Path.Combine(vendor, "birch");
        var size = Directory.Exists(alder) ? SourceManifest.Paths(alder, service.Extension).Count() : FilesWithoutExample;

        if (!Directory.Exists(alder) || (Directory.Exists(birch) && site.Random.Next(3) == 0))
            Install(site, alder, size, stopping);
        else if (!Directory.Exists(birch) || site.Random.Next(2) == 0)
            Install(site, birch, size, stopping);
        else
            Directory.Delete(birch, recursive: true);
    }

    /// <summary>Half of the time file by file into its place, otherwise unpacked beside it and moved in: one event for a whole folder.</summary>
    private static void Install(JobSite site, string package, int size, CancellationToken stopping)
    {
        var isMovedIn = site.Random.Next(2) == 0;
        var target = isMovedIn ? Path.Combine(site.Services[0].Folder, "build", "unpacked") : package;
        if (!isMovedIn && Directory.Exists(package))
            Directory.Delete(package, recursive: true);

        foreach (var path in SourcePaths.Spread(size, site.Services[0].Extension))
        {
            stopping.ThrowIfCancellationRequested();
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(target, path))!);
            File.WriteAllText(Path.Combine(target, path), site.TextFor(path));
        }

        if (isMovedIn)
            Replace(package, target);
    }

    private static void Replace(string package, string unpacked)
    {
        if (Directory.Exists(package))
            Directory.Delete(package, recursive: true);
        Directory.Move(unpacked, package);
    }
}
