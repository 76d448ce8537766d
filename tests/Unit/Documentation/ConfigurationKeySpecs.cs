using System.Text.Json;

namespace Supervisor.Unit.Documentation;

/// <summary>docs/configuration.md knows the keys, words and defaults of the schema, and no others.</summary>
public sealed class ConfigurationKeySpecs
{
    private static readonly Document Keys = Document.Open("docs/configuration.md");

    private static readonly JsonElement Schema =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "supervisor.schema.json"))).RootElement;

    [Fact]
    public void Every_key_of_the_schema_has_a_row_with_its_words_and_its_default()
    {
        All(Schema).Should().HaveCountGreaterThan(45);
        Missing(Schema, Keys).Should().BeEmpty();
    }

    [Fact]
    public void Every_row_is_about_a_key_of_the_schema() =>
        Rows(Keys).Except(All(Schema).Select(key => key.Path), StringComparer.Ordinal).Should().BeEmpty();

    [Fact]
    public void A_key_a_word_and_a_default_that_are_missing_are_found()
    {
        var schema = JsonDocument.Parse("""
            {
              "properties": {
                "colour": { "enum": ["red", "green"], "default": "red" },
                "size": { "$ref": "#/$defs/size" }
              },
              "$defs": { "size": { "properties": { "width": { "type": "string", "default": "5px" } } }, "service": {} }
            }
            """).RootElement;
        var document = Document.Of("| `colour` | `red` | red |\n| `size.width` | `6px` | how wide |\n| `weight` | | how heavy |\n");

        Missing(schema, document).Should().BeEquivalentTo("colour: green", "size", "size.width: 5px");
        Rows(document).Should().Contain("weight");
    }

    private static IEnumerable<string> Rows(Document document) =>
        document.Prose.Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);

    private static IEnumerable<string> Missing(JsonElement schema, Document document)
    {
        foreach (var (path, described) in All(schema))
        {
            if (document.Row($"`{path}`") is not { Length: > 0 } row)
                yield return path;
            else if (Words(described).FirstOrDefault(word => !row.Contains(word, StringComparison.Ordinal)) is { } word)
                yield return $"{path}: {word}";
        }
    }

    private static IEnumerable<string> Words(JsonElement key)
    {
        if (key.TryGetProperty("enum", out var words))
        {
            foreach (var word in words.EnumerateArray())
                yield return word.GetString()!;
        }

        if (key.TryGetProperty("default", out var value))
            yield return value.GetRawText().Trim('"');
    }

    /// <summary>Keys of the tree by their path; keys of a service by their path within the service.</summary>
    private static IEnumerable<(string Path, JsonElement Key)> All(JsonElement schema) =>
        Below(schema, schema, "").Concat(Below(schema, schema.GetProperty("$defs").GetProperty("service"), ""));

    private static IEnumerable<(string Path, JsonElement Key)> Below(JsonElement schema, JsonElement section, string prefix)
    {
        if (section.TryGetProperty("$ref", out var target))
            section = schema.GetProperty("$defs").GetProperty(target.GetString()!.Split('/')[^1]);

        if (!section.TryGetProperty("properties", out var keys))
            yield break;

        foreach (var key in keys.EnumerateObject())
        {
            yield return (prefix + key.Name, key.Value);

            foreach (var below in Below(schema, key.Value, $"{prefix}{key.Name}."))
                yield return below;
        }
    }
}
