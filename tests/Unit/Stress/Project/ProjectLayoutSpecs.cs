using Supervisor.Stress.Project;

namespace Supervisor.Unit.Stress;

public sealed class ProjectLayoutSpecs
{
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(false, false, false)]
    public void There_are_two_thousand_sources_with_any_servers(bool django, bool uvicorn, bool node)
    {
        var layout = ProjectLayout.Standard(django, uvicorn, node);

        layout.Sources.Should().Be(2_000);
        layout.Services.Sum(service => service.IgnoredFiles).Should().Be(20_000);
    }

    [Fact]
    public void Where_a_tool_is_missing_a_puppet_serves_the_same_sources_under_the_same_name()
    {
        var full = ProjectLayout.Standard(django: true, uvicorn: true, node: true).Services;
        var bare = ProjectLayout.Standard(django: false, uvicorn: false, node: false).Services;

        bare.Should().OnlyContain(service => service.Flavour == Flavour.Puppet);
        bare.Should().Equal(full.Select(service => service with { Flavour = Flavour.Puppet }));
    }

    [Fact]
    public void One_service_reloads_in_place_and_one_is_untouched()
    {
        var services = ProjectLayout.Standard(django: true, uvicorn: true, node: true).Services;

        services.Where(service => service.ReloadsInPlace).Select(service => service.Name).Should().Equal("mail");
        services.Where(service => service.Untouched).Select(service => service.Name).Should().Equal("still");
    }

    [Theory]
    [InlineData(".py")]
    [InlineData(".mjs")]
    public void Spread_sources_have_different_paths_in_nested_folders(string extension)
    {
        var paths = SourcePaths.Spread(500, extension).ToArray();

        paths.Should().OnlyHaveUniqueItems().And.HaveCount(500);
        paths.Max(path => path.Count(letter => letter == '/')).Should().BeInRange(3, 6);
    }

    [Fact]
    public void Every_python_folder_is_a_package()
    {
        var paths = SourcePaths.Spread(500, ".py").ToArray();

        paths.Select(Path.GetDirectoryName).Distinct(StringComparer.Ordinal).Should().OnlyContain(folder => paths.Contains($"{folder}/__init__.py"));
    }
}
