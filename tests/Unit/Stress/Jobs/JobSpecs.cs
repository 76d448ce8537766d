using Supervisor.Stress.Jobs;
using Supervisor.Stress.Project;

namespace Supervisor.Unit.Stress;

/// <summary>Real jobs on real folders, with the sources and no servers.</summary>
public sealed class JobSpecs : IDisposable
{
    // No server is started here; the paths only have to be set.
    private static readonly InstalledTools Tools = new(new Dictionary<Tool, string?>
    {
        [Tool.Django] = "python3", [Tool.Uvicorn] = "python3", [Tool.Node] = "node",
    });

    private static readonly ProjectLayout Full = ProjectLayout.Standard(django: true, uvicorn: true, node: true);

    private static readonly ProjectLayout Small = new(
    [
        .. Full.Services.Select(service => service with
        {
            Sources = new SourceCounts(Own: 40, Generated: 10, Vendored: 10), IgnoredFiles = service.IgnoredFiles / 100,
        }),
    ]);

    private readonly string _folder = Directory.CreateTempSubdirectory("sv-jobs-").FullName;

    public static TheoryData<string> HarmlessJobs => ["install-ignored", "log-growth", "memory-eater", "compiler-spawner"];

    public static TheoryData<string> JobsWithoutTools => ["code-generation", "install-watched", "install-ignored", "log-growth"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_job_has_a_name_of_its_own() => JobCatalogue.All.Select(job => job.Name).Should().OnlyHaveUniqueItems();

    [Fact]
    public void No_job_chooses_the_untouched_service()
    {
        var project = Make("project", Small);
        var random = new Random(1);

        JobCatalogue.All.SelectMany(job => Enumerable.Range(0, 50).SelectMany(_ => job.Choose(project, random)))
            .Should().Contain(project["web"]).And.NotContain(project["still"]);
    }

    [Theory]
    [MemberData(nameof(JobsWithoutTools))]
    public async Task The_same_seed_and_number_write_the_same_bytes(string name)
    {
        var first = await DoAsync(name, Make("first", Small), numbers: [1, 2]);
        var second = await DoAsync(name, Make("second", Small), numbers: [1, 2]);

        second.Should().Equal(first);
    }

    [Theory]
    [MemberData(nameof(HarmlessJobs))]
    public async Task A_job_that_must_cause_no_restart_changes_no_source(string name)
    {
        var project = Make("project", Small);
        var before = Digests(project);

        await DoAsync(name, project, numbers: [1, 2]);

        Digests(project).Should().Equal(before);
    }

    [Fact]
    public async Task After_any_jobs_the_servers_can_start_and_the_number_of_sources_stays_in_bounds()
    {
        var project = Make("project", Full);
        var programs = Programs(project);
        var counts = new List<int>();
        foreach (var number in Enumerable.Range(1, 4))
        {
            foreach (var job in JobCatalogue.All.Where(job => job.Missing is null && job.Name is not ("memory-eater" or "log-growth")))
                await DoAsync(job.Name, project, [number]);
            counts.Add(project.Services.Sum(service => SourceManifest.Paths(service.Folder, service.Extension).Count()));
        }

        Programs(project).Should().Equal(programs).And.HaveCountGreaterThan(9);
        counts.Should().OnlyContain(count => count >= 1_400 && count <= 2_600);
    }

    /// <returns>All files of the services' folders afterwards with their contents, without the files of git and compilers.</returns>
    private static async Task<IReadOnlyDictionary<string, string>> DoAsync(string name, ProjectTree project, int[] numbers)
    {
        foreach (var number in numbers)
        {
            var random = new Random(number);
            var services = Named(name).Choose(project, random);
            await Named(name).RunAsync(new JobContext(project, services, random, number), CancellationToken.None);
        }

        return project.Services.SelectMany(service => Directory.EnumerateFiles(service.Folder, "*", SearchOption.AllDirectories))
            .ToDictionary(file => Path.GetRelativePath(project.Folder, file), File.ReadAllText, StringComparer.Ordinal);
    }

    private static IJob Named(string name) => JobCatalogue.All.Single(job => job.Name == name);

    private static IEnumerable<string> Digests(ProjectTree project) =>
        [.. project.Services.Select(service => SourceManifest.Read(service.Folder, service.Extension).Digest)];

    private static IEnumerable<string> Programs(ProjectTree project) =>
    [
        .. from service in project.Services
           from source in SourceManifest.Read(service.Folder, service.Extension).Hashes
           where source.Key.StartsWith("server/", StringComparison.Ordinal) || !source.Key.Contains('/', StringComparison.Ordinal)
           select $"{service.Name}/{source.Key} {source.Value}",
    ];

    private ProjectTree Make(string name, ProjectLayout layout) => ProjectMaker.Make(Path.Combine(_folder, name), layout, Tools, seed: 1);
}
