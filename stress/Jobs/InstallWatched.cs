using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>Installs, upgrades and removes packages that lie among the watched sources, as whole folders.</summary>
internal sealed class InstallWatched : IJob
{
    private const int FilesWithoutExample = 100;

    public string Name => "install-watched";

    public string Summary => "installs, upgrades or removes a package of up to 100 sources below the watched vendor/: one reload";

    public string? Missing => null;

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) => project.Pick(1, random);

    /// <summary>The package alder is always there and keeps its size; birch is installed and removed beside it.</summary>
    public async Task RunAsync(JobContext context, CancellationToken stopping)
    {
        var service = context.Services[0];
        var vendor = Directory.CreateDirectory(Path.Combine(service.Folder, SourceFolder.Vendor)).FullName;
        var alder = Path.Combine(vendor, "alder");
        var birch = Path.Combine(vendor, "birch");
        var size = Directory.Exists(alder) ? SourceManifest.Paths(alder, service.Extension).Count() : FilesWithoutExample;

        if (!Directory.Exists(alder) || (Directory.Exists(birch) && context.Random.Next(3) == 0))
            await InstallAsync(context, alder, size, stopping);
        else if (!Directory.Exists(birch) || context.Random.Next(2) == 0)
            await InstallAsync(context, birch, size, stopping);
        else
            Directory.Delete(birch, recursive: true);
    }

    /// <summary>
    /// Writes file by file into its place; or unpacks outside the watched folders and moves the folder in, which is one event; or mirrors it from there with
    /// rsync, where it is installed.
    /// </summary>
    private static Task InstallAsync(JobContext context, string package, int size, CancellationToken stopping)
    {
        var unpacked = Path.Combine(context.Services[0].Folder, "build", "unpacked");
        switch (context.Random.Next(3))
        {
            case 0:
                Remove(package);
                Unpack(context, package, size, stopping);
                return Task.CompletedTask;
            case 1 when InstalledTools.Local[Tool.Rsync] is { } rsync:
                Unpack(context, unpacked, size, stopping);
                return ToolProcess.RunAsync(rsync, ["--archive", "--delete", unpacked + "/", package], context.Services[0].Folder, stopping);
            default:
                Unpack(context, unpacked, size, stopping);
                Remove(package);
                Directory.Move(unpacked, package);
                return Task.CompletedTask;
        }
    }

    private static void Unpack(JobContext context, string folder, int size, CancellationToken stopping)
    {
        foreach (var path in SourcePaths.Spread(size, context.Services[0].Extension))
        {
            stopping.ThrowIfCancellationRequested();
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllText(Path.Combine(folder, path), context.TextFor(path));
        }
    }

    private static void Remove(string package)
    {
        if (Directory.Exists(package))
            Directory.Delete(package, recursive: true);
    }
}
