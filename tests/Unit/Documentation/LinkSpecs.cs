namespace Supervisor.Unit.Documentation;

/// <summary>Relative links lead to a file, a folder or a heading of the repository.</summary>
public sealed class LinkSpecs
{
    [Fact]
    public void Every_relative_link_leads_somewhere()
    {
        Document.All.SelectMany(document => document.Links).Should().HaveCountGreaterThan(30);
        Document.All.SelectMany(Broken).Should().BeEmpty();
    }

    [Theory]
    [InlineData("configuration.md")]
    [InlineData("configuration.md#a-service")]
    [InlineData("#heading-of-its-own")]
    [InlineData("../src/Watcher/Sources")]
    [InlineData("https://example.org/no-such-page")]
    public void A_link_that_leads_somewhere_is_accepted(string link) =>
        Broken(Document.Of($"# Heading of its own\n[`x`]({link})")).Should().BeEmpty();

    [Theory]
    [InlineData("breakfast.md")]
    [InlineData("configuration.md#breakfast")]
    [InlineData("#breakfast")]
    [InlineData("../src/Breakfast")]
    [InlineData("../../outside.md")]
    public void A_link_that_leads_nowhere_is_found(string link) =>
        Broken(Document.Of($"# Heading of its own\n[`x`]({link})")).Should().Equal($"docs/example.md: {link}");

    [Fact]
    public void Every_document_is_linked_from_the_readme()
    {
        var linked = Document.Open("README.md").Links.Select(link => link.Split('#')[0]);

        Document.All.Select(document => document.Path).Except(["README.md"], StringComparer.Ordinal).Should().BeSubsetOf(linked);
    }

    private static IEnumerable<string> Broken(Document document) => document.Links
        .Where(link => !link.Contains("://", StringComparison.Ordinal) && !LeadsSomewhere(document, link))
        .Select(link => $"{document.Path}: {link}");

    private static bool LeadsSomewhere(Document from, string link)
    {
        var (path, anchor) = link.Split('#') is [var file, var heading] ? (file, heading) : (link, null);
        var full = path.Length == 0
            ? Path.Combine(Repository.Root, from.Path)
            : Path.GetFullPath(path, Path.Combine(Repository.Root, Path.GetDirectoryName(from.Path)!));

        if (!full.StartsWith(Repository.Root, StringComparison.Ordinal) || (path.Length > 0 && !Path.Exists(full)))
            return false;

        return anchor is null || (path.Length == 0 ? from : Document.Open(Repository.Relative(full))).Anchors.Contains(anchor, StringComparer.Ordinal);
    }
}
