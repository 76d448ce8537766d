using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>A build with ten parallel compilers, whose output lies in watched folders but matches no rule.</summary>
internal sealed class CompilerSpawner : IJob
{
    private const int Processes = 10;

    public string Name => "compiler-spawner";

    public string Summary => $"runs {Processes} compilers in parallel, with output in build/: no restart";

    public string? Missing => Compilers.AreAvailable(InstalledTools.Local) ? null : "a compiler (gcc, python3 or node)";

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) =>
        project.Pick(2, random, service => Compilers.CanCompile(service, InstalledTools.Local));

    public async Task RunAsync(JobContext context, CancellationToken stopping)
    {
        var tasks = Enumerable.Range(0, Processes).Select(number => CompileAsync(context, number, stopping)).ToArray();
        await Task.WhenAll(tasks);
    }

    private static Task CompileAsync(JobContext context, int number, CancellationToken stopping)
    {
        var service = context.Services[number % context.Services.Count];
        if (InstalledTools.Local.Has(Tool.Gcc) && number % 3 != 0)
            return Compilers.CompileCAsync(service, number, SourceText.WriteC(context.Signature, context.Random), stopping);

        var sources = new SourceFolder(service);
        return Compilers.CheckAsync(service, [.. sources.Pick(5, context.Random).Select(sources.PathOf)], stopping);
    }
}
