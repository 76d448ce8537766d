using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>A build with ten compilers at once, whose output lies in the watched folders where no rule wants it.</summary>
internal sealed class CompilerSpawner : IJob
{
    private const int Processes = 10;

    public string Name => "compiler-spawner";

    public string Summary => $"runs {Processes} compilers in parallel, with output in build/: no restart";

    public string? Missing => Compilers.AnyOf(ToolBox.Here) ? null : "a compiler (gcc, python3 or node)";

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) =>
        project.Pick(2, random, service => Compilers.Suit(service, ToolBox.Here));

    public async Task RunAsync(JobSite site, CancellationToken stopping)
    {
        var works = Enumerable.Range(0, Processes).Select(number => Work(site, number, stopping)).ToArray();
        await Task.WhenAll(works);
    }

    private static Task Work(JobSite site, int number, CancellationToken stopping)
    {
        var service = site.Services[number % site.Services.Count];
        if (ToolBox.Here.Has(Tool.Gcc) && number % 3 != 0)
            return Compilers.CompileCAsync(service, number, SourceText.WriteC(site.Signature, site.Random), stopping);

        var sources = new SourceFolder(service);
        return Compilers.CheckAsync(service, [.. sources.Pick(5, site.Random).Select(sources.PathOf)], stopping);
    }
}
