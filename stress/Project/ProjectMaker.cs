using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Project;

/// <summary>
/// Writes a project to disk: sources, the servers' programs, the large ignored folder and supervisor.json. The same seed makes the same files.
/// </summary>
internal static class ProjectMaker
{
    /// <param name="folder">Absolute; missing or empty.</param>
    public static ProjectTree Make(string folder, ProjectLayout layout, InstalledTools tools, int seed)
    {
        var project = new ProjectTree(folder, [.. layout.Services.Select(service => Plan(folder, service))]);
        foreach (var (service, planned) in project.Services.Zip(layout.Services))
        {
            MakeSources(service, planned.Sources, new Random(seed));
            PackageStore.Fill(Path.Combine(service.Folder, "node_modules"), planned.IgnoredFiles);
        }

        File.WriteAllText(project.Config, SupervisorConfig.Of(project.Services, tools));
        return project;
    }

    private static ProjectService Plan(string folder, ServiceLayout service) => new(
        service.Name, service.Flavour, Path.Combine(folder, service.Name), service.Extension, TestTree.FreePort(), service.ReloadsInPlace,
        service.Untouched, service.CapBytes);

    private static void MakeSources(ProjectService service, SourceCounts counts, Random random)
    {
        var program = ServerPrograms.For(service.Flavour).ToArray();
        foreach (var (path, content) in program)
            Write(service.Folder, path, content);

        var own = counts.Own - program.Count(file => file.Path.EndsWith(service.Extension, StringComparison.Ordinal));
        var files = new SourceFolder(service);
        string[] paths =
        [
            .. SourcePaths.Spread(own, service.Extension),
            .. files.Generated(counts.Generated),
            .. counts.Vendored == 0 ? [] : SourcePaths.Spread(counts.Vendored, service.Extension).Select(path => $"{SourceFolder.Vendor}/alder/{path}"),
        ];
        foreach (var path in paths)
            files.Write(path, SourceText.Write(path, "its author", random));
    }

    private static void Write(string folder, string path, byte[] content)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }
}
