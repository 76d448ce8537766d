using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare;

/// <summary>The project that every tool gets: two Django services that jobs change and one that they do not.</summary>
internal static class CompareProject
{
    private const int Sources = 600;
    private const int IgnoredFiles = 5_000;

    public static ProjectTree Make(string folder, int seed)
    {
        var services = ProjectLayout.OnlyDjango(3, Sources, IgnoredFiles).Services;
        var layout = new ProjectLayout([.. services.SkipLast(1), services[^1] with { Untouched = true }]);
        return ProjectMaker.Make(Directory.CreateDirectory(folder).FullName, layout, InstalledTools.Local, seed);
    }
}
