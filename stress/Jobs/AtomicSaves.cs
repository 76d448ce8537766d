using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>Saves several files, each the way a different editor does.</summary>
internal sealed class AtomicSaves : IJob
{
    private const int Saves = 12;

    public string Name => "atomic-saves";

    public string Summary => $"saves {Saves} sources as vim, VS Code, JetBrains, emacs, gedit and sed do: their temporary files cause no reload";

    public string? Missing => null;

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) => project.Pick(1, random);

    public async Task RunAsync(JobContext context, CancellationToken stopping)
    {
        var sources = new SourceFolder(context.Services[0]);
        foreach (var path in sources.Pick(Saves, context.Random))
        {
            stopping.ThrowIfCancellationRequested();
            var save = Editors.All[context.Random.Next(Editors.All.Count)];
            await save(sources.PathOf(path), context.TextFor(path), stopping);
        }
    }
}
