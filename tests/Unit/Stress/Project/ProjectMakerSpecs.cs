using Supervisor.Configuration;
using Supervisor.Stress.Project;

namespace Supervisor.Unit.Stress;

public sealed class ProjectMakerSpecs : IDisposable
{
    private static readonly InstalledTools Tools = new(new Dictionary<Tool, string?>
    {
        [Tool.Django] = "/usr/bin/python3", [Tool.Uvicorn] = "/usr/bin/python3", [Tool.Node] = "/usr/bin/node",
    });

    private readonly string _folder = Directory.CreateTempSubdirectory("sv-maker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_project_has_the_sources_of_its_layout_including_the_servers()
    {
        var layout = ProjectLayout.OnlyDjango(services: 2, sources: 200, ignoredFiles: 80);

        var project = ProjectMaker.Make(_folder, layout, Tools, seed: 1);

        project.Services.Select(service => SourceManifest.Paths(service.Folder, ".py").Count()).Should().Equal(100, 100);
        Directory.EnumerateFiles(Path.Combine(_folder, "site1", "node_modules"), "*", SearchOption.AllDirectories).Should().HaveCount(80);
        SourceManifest.Paths(project["site2"].Folder, ".py").Should().Contain(["manage.py", "server/settings.py", "server/protocol.py"]);
    }

    [Fact]
    public void The_same_seed_makes_the_same_sources()
    {
        var layout = ProjectLayout.OnlyDjango(services: 1, sources: 100, ignoredFiles: 0);

        string Digest(string name, int seed) =>
            SourceManifest.Read(ProjectMaker.Make(Path.Combine(_folder, name), layout, Tools, seed)["site1"].Folder, ".py").Digest;

        var first = Digest("first", seed: 7);
        Digest("second", seed: 7).Should().Be(first);
        Digest("third", seed: 8).Should().NotBe(first);
    }

    [Fact]
    public void Its_configuration_is_valid_and_watches_each_service_separately()
    {
        var layout = ProjectLayout.Standard(django: true, uvicorn: true, node: true);
        var project = ProjectMaker.Make(
            _folder, new ProjectLayout([.. layout.Services.Select(service => service with { IgnoredFiles = 0 })]), Tools, seed: 1);

        var read = ConfigurationFile.Read(project.Config);

        var services = read.Should().BeOfType<ReadResult.Valid>().Subject.Spec.Services;
        services.Select(service => service.Watch!.Paths).Should().BeEquivalentTo(project.Services.Select(service => new[] { service.Folder }));
        services.Select(service => service.Limits.MemoryBytes).Should().Equal(project.Services.Select(service => service.CapBytes));
    }

    [Fact]
    public void Every_real_server_comes_with_its_program() =>
        new[] { Flavour.Django, Flavour.Uvicorn, Flavour.Node }.Should().OnlyContain(flavour => ServerPrograms.For(flavour).Any());
}
