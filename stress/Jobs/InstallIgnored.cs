using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>
/// A package manager reinstalls packages in <c>node_modules</c>: it unpacks the new ones beside, moves the old ones away, moves the new ones in and deletes
/// the old ones.
/// </summary>
internal sealed class InstallIgnored : IJob
{
    private const int Packages = 30;

    // A new project has fewer only when it was created without the folder.
    private const int PackagesThere = 500;

    public string Name => "install-ignored";

    public string Summary => $"reinstalls {Packages} packages of {PackageStore.FilesInPackage} files each in node_modules: no restart";

    public string? Missing => null;

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) =>
        project.Busy.FirstOrDefault(service => Directory.Exists(Store(service))) is { } owner ? [owner] : project.Pick(1, random);

    public Task RunAsync(JobContext context, CancellationToken stopping) => Task.Run(() => Install(context, stopping), stopping);

    private static void Install(JobContext context, CancellationToken stopping)
    {
        var store = Directory.CreateDirectory(Store(context.Services[0])).FullName;
        var staging = Directory.CreateDirectory(Path.Combine(store, ".staging")).FullName;
        var packages = Enumerable.Range(0, Packages).Select(_ => PackageStore.NameOf(context.Random.Next(PackagesThere))).Distinct(StringComparer.Ordinal).ToArray();
        try
        {
            foreach (var package in packages)
            {
                stopping.ThrowIfCancellationRequested();
                PackageStore.Unpack(Path.Combine(staging, package), $"{package} of {context.Signature}");
            }

            foreach (var package in packages)
                Swap(Path.Combine(staging, package), Path.Combine(store, package), Path.Combine(staging, package + ".old"));
        }
        finally
        {
            Directory.Delete(staging, recursive: true);
        }
    }

    private static void Swap(string fresh, string place, string old)
    {
        if (Directory.Exists(place))
            Directory.Move(place, old);
        Directory.Move(fresh, place);
    }

    private static string Store(ProjectService service) => Path.Combine(service.Folder, "node_modules");
}
