using System.Text.Json;
using System.Text.Json.Nodes;

namespace Supervisor.Cli.Init.Reading;

/// <summary>JSON as other tools write it, with comments and trailing commas, and the nodes of the configuration.</summary>
internal static class Json
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="UnreadableSourceException">It is no JSON object.</exception>
    public static JsonElement Parse(string file, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.TrimStart('\uFEFF'), Lenient);

            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new UnreadableSourceException(new SourcePlace(file, 1), "is no JSON object");
        }
        catch (JsonException wrong)
        {
            throw new UnreadableSourceException(new SourcePlace(file, (int)(wrong.LineNumber ?? 0) + 1), "is not JSON", wrong);
        }
    }

    public static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } section && section.TryGetProperty(name, out var value) ? value : null;

    public static string? Text(JsonElement? parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static IEnumerable<JsonProperty> Members(JsonElement? section) =>
        section is { ValueKind: JsonValueKind.Object } found ? found.EnumerateObject() : [];

    public static IEnumerable<string> Texts(JsonElement? list) =>
        list is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!) : [];

    /// <summary>The line of the last of these keys, each searched behind the one before it.</summary>
    public static int LineOf(string text, params ReadOnlySpan<string> keys)
    {
        var at = 0;

        foreach (var key in keys)
        {
            if (text.IndexOf($"\"{key}\"", at, StringComparison.Ordinal) is var found and >= 0)
                at = found + 1;
        }

        return text.AsSpan(0, at).Count('\n') + 1;
    }

    public static JsonArray List(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);

    public static JsonObject Object(IEnumerable<(string Name, string Value)> members)
    {
        var built = new JsonObject();

        foreach (var (name, value) in members)
            built[name] = value;

        return built;
    }
}
