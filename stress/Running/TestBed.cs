using Supervisor.Stress.Faults;
using Supervisor.Stress.Observing;
using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Running;

/// <summary>The environment of a run: its project, the fault hook, and the real tree. Disposing removes all of it.</summary>
internal sealed class TestBed : IAsyncDisposable
{
    private TestBed(TestTree home, ProjectTree project, FaultHook hook, IReadOnlyList<ServiceFacts> services)
    {
        Project = project;
        Hook = hook;
        Services = services;
        Tree = new TreeUnderTest(home);
    }

    public ProjectTree Project { get; }

    public FaultHook Hook { get; }

    public IReadOnlyList<ServiceFacts> Services { get; }

    public TreeUnderTest Tree { get; }

    /// <summary>TMPDIR of the tree and its servers only.</summary>
    public string Temporary => TemporaryOf(Tree.Home);

    public static async Task<TestBed> BuildAsync(int seed)
    {
        var home = TestTree.Create("stress");
        try
        {
            return await BuildAsync(home, seed);
        }
        catch
        {
            await home.DisposeAsync();
            throw;
        }
    }

    public LeftoverScope LeftoverScope() => new(
        Tree.Home.Tag, [.. Project.Services.Select(service => service.Port)], Tree.Home.RuntimeBase, Path.GetFileName(Tree.RuntimeFolder), Temporary,
        Environment.ProcessId);

    /// <summary>Kills what outlived the tree, which has been recorded by now, so that a failed run leaves nothing either.</summary>
    public async ValueTask DisposeAsync()
    {
        // A parent that did not stop restarts what is killed: repeat until none is left.
        await Wait.UntilAsync(
            () =>
            {
                var left = TaggedProcesses.Find(Tree.Home.Tag);
                foreach (var process in left)
                    process.Kill();
                return left.Count == 0;
            },
            "everything that the run started is gone");
        await Tree.DisposeAsync();
    }

    private static async Task<TestBed> BuildAsync(TestTree home, int seed)
    {
        var tools = InstalledTools.Local;
        var layout = ProjectLayout.Standard(tools.Has(Tool.Django), tools.Has(Tool.Uvicorn), tools.Has(Tool.Node));
        home["TMPDIR"] = Directory.CreateDirectory(TemporaryOf(home)).FullName;
        var hook = await FaultHook.InstallAsync(home);
        var project = ProjectMaker.Make(home.Project, layout, tools, seed);
        return new TestBed(home, project, hook, [.. project.Services.Select(FactsOf)]);
    }

    private static string TemporaryOf(TestTree home) => Path.Combine(home.Root, "tmp");

    private static ServiceFacts FactsOf(ProjectService service) => new(
        service.Name, service.Flavour.ToString().ToLowerInvariant(), service.Port, service.ReloadsInPlace, service.Untouched,
        SourceManifest.Read(service.Folder, service.Extension).Hashes.Count, service.CapBytes);
}
