using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>Somebody replaces a name in a whole project, adds and drops a few files, and compiles what came of it.</summary>
internal sealed class SourceBurst : IJob
{
    private const int NewFiles = 15;
    private const int Units = 20;

    public string Name => "source-burst";

    public string Summary => "rewrites 20 to 80 sources of one or two services, adds and removes some, compiles them: one reload each";

    public string? Missing => Compilers.AnyOf(ToolBox.Here) ? null : "a compiler (gcc, python3 or node)";

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) => project.Pick(random.Next(1, 3), random);

    public async Task RunAsync(JobSite site, CancellationToken stopping)
    {
        foreach (var service in site.Services)
        {
            var sources = new SourceFolder(service);
            Rewrite(site, sources, stopping);
            var written = AddAndRemove(site, sources);
            await Compilers.CheckAsync(service, [.. written.Select(sources.PathOf)], stopping);
            await Compilers.CompileCAsync(service, number: site.Random.Next(Units), SourceText.WriteC(site.Signature, site.Random), stopping);
        }
    }

    private static void Rewrite(JobSite site, SourceFolder sources, CancellationToken stopping)
    {
        foreach (var path in sources.Pick(site.Random.Next(20, 81), site.Random))
        {
            stopping.ThrowIfCancellationRequested();
            sources.Write(path, site.TextFor(path));
        }
    }

    private static List<string> AddAndRemove(JobSite site, SourceFolder sources)
    {
        var written = new List<string>();
        Directory.CreateDirectory(sources.PathOf("burst"));
        foreach (var path in sources.Numbered("burst", NewFiles))
        {
            if (site.Random.Next(2) == 0)
            {
                File.Delete(sources.PathOf(path));
            }
            else
            {
                sources.Write(path, site.TextFor(path));
                written.Add(path);
            }
        }

        return written;
    }
}
