using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>Replaces a name in a whole project, adds and deletes a few files, and compiles the result.</summary>
internal sealed class SourceBurst : IJob
{
    private const int NewFiles = 15;
    private const int Units = 20;

    public string Name => "source-burst";

    public string Summary => "rewrites 20 to 80 sources of one or two services, adds and removes some, compiles them: one reload each";

    public string? Missing => Compilers.AreAvailable(InstalledTools.Local) ? null : "a compiler (gcc, python3 or node)";

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) => project.Pick(random.Next(1, 3), random);

    public async Task RunAsync(JobContext context, CancellationToken stopping)
    {
        foreach (var service in context.Services)
        {
            var sources = new SourceFolder(service);
            Rewrite(context, sources, stopping);
            var written = AddAndRemove(context, sources);
            await Compilers.CheckAsync(service, [.. written.Select(sources.PathOf)], stopping);
            await Compilers.CompileCAsync(service, number: context.Random.Next(Units), SourceText.WriteC(context.Signature, context.Random), stopping);
        }
    }

    private static void Rewrite(JobContext context, SourceFolder sources, CancellationToken stopping)
    {
        foreach (var path in sources.Pick(context.Random.Next(20, 81), context.Random))
        {
            stopping.ThrowIfCancellationRequested();
            sources.Write(path, context.TextFor(path));
        }
    }

    private static List<string> AddAndRemove(JobContext context, SourceFolder sources)
    {
        var written = new List<string>();
        Directory.CreateDirectory(sources.PathOf("burst"));
        foreach (var path in sources.Numbered("burst", NewFiles))
        {
            if (context.Random.Next(2) == 0)
            {
                File.Delete(sources.PathOf(path));
            }
            else
            {
                sources.Write(path, context.TextFor(path));
                written.Add(path);
            }
        }

        return written;
    }
}
