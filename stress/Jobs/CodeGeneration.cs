using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>A code generator rewrites all its files, each beside its place and then renamed over it; most are unchanged.</summary>
internal sealed class CodeGeneration : IJob
{
    private const int Files = 110;
    private const double Differing = 0.15;

    public string Name => "code-generation";

    public string Summary => $"regenerates {Files} sources, of which one in seven differs: one reload";

    public string? Missing => null;

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) => project.Pick(1, random);

    public Task RunAsync(JobContext context, CancellationToken stopping) => Task.Run(() => Generate(context, stopping), stopping);

    private static void Generate(JobContext context, CancellationToken stopping)
    {
        var sources = new SourceFolder(context.Services[0]);
        foreach (var path in sources.Generated(Files))
        {
            stopping.ThrowIfCancellationRequested();
            var isNew = !File.Exists(sources.PathOf(path)) || context.Random.NextDouble() < Differing;
            var content = isNew ? context.TextFor(path) : File.ReadAllText(sources.PathOf(path));
            sources.Write(path + ".new", content);
            File.Move(sources.PathOf(path + ".new"), sources.PathOf(path), overwrite: true);
        }
    }
}
