using Supervisor.Configuration;

namespace Supervisor.Unit.Configuration;

/// <summary>The samples that translate the process files of real projects are read without a mistake.</summary>
public sealed class TranslationSpecs
{
    private static readonly string Folder = Path.Combine(Repository.Root, "samples", "Translations");

    public static TheoryData<string> Projects => [.. Names];

    private static IEnumerable<string> Names => Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_translation_has_no_mistake(string project)
    {
        var shell = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin", ["HOME"] = "/home/dev", ["PWD"] = "/home/dev" };

        var read = ConfigurationFile.Read(Path.Combine(Folder, project, ConfigurationFile.Name), shell);

        read.MistakeLines.Should().BeEmpty();
        read.Should().BeOfType<ReadResult.Valid>();
    }

    [Fact]
    public void The_document_names_every_translation()
    {
        var document = File.ReadAllText(Path.Combine(Folder, "README.md"));

        Names.Should().HaveCountGreaterThan(12);
        Names.Where(project => !document.Contains($"`{project}`", StringComparison.Ordinal)).Should().BeEmpty();
    }
}
