using System.Text.Json;
using System.Text.RegularExpressions;

namespace Supervisor.Unit.Documentation;

/// <summary>docs/control-pipe.md shows a message for every method of the control pipe, and for no other.</summary>
public sealed partial class ControlPipeSpecs
{
    private static readonly Document Reference = Document.Open("docs/control-pipe.md");

    [Fact]
    public void Every_method_of_the_sources_has_a_heading_and_an_example()
    {
        var methods = InSources();

        methods.Should().HaveCountGreaterThan(12).And.Contain("supervisor/status").And.Contain("supervisor/board");
        Examples(Reference).Should().BeEquivalentTo(methods);
        Headings(Reference).Should().BeEquivalentTo(methods);
    }

    [Fact]
    public void A_method_that_is_missing_or_invented_is_found()
    {
        var document = Document.Of("### supervisor/status\n```json\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"supervisor/dance\"}\n```\n");

        Headings(document).Should().Equal("supervisor/status");
        Examples(document).Should().Equal("supervisor/dance");
    }

    /// <summary>Whatever the contracts look like, a method's name is a literal in them.</summary>
    private static HashSet<string> InSources() =>
        [.. Repository.SourceFiles("src").SelectMany(file => Method().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)];

    private static IEnumerable<string> Headings(Document document) =>
        document.Prose.Where(line => line.StartsWith("### supervisor/", StringComparison.Ordinal)).Select(line => line["### ".Length..]);

    private static IEnumerable<string> Examples(Document document)
    {
        foreach (var block in document.Blocks.Where(block => block.Language == "json"))
        {
            using var json = JsonDocument.Parse(block.Text);

            if (json.RootElement.TryGetProperty("method", out var method))
                yield return method.GetString()!;
        }
    }

    [GeneratedRegex("\"(supervisor/[a-z]+)\"")]
    private static partial Regex Method();
}
