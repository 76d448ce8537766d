using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Supervisor.Cli.Init.Reading;

namespace Supervisor.Cli.Init;

/// <summary>The text of a configuration, with comments that say where each service comes from and what could not be carried over. Pure.</summary>
internal static class CommentedJson
{
    public static string Of(JoinedServices joined, IReadOnlyList<string> used, IReadOnlyList<string> unused)
    {
        var text = new StringBuilder();
        Comment(text, "", $"Written by \"supervisor init\" from {string.Join(", ", used)}. \"supervisor check\" finds mistakes; \"supervisor start\" runs it.");

        if (unused.Count > 0)
            Comment(text, "", $"Found, but not used: {string.Join(", ", unused)}.");

        foreach (var remark in joined.NotCarriedOver)
            Comment(text, "", $"Not carried over: {remark}");

        text.Append("{\n");

        foreach (var (key, value) in joined.ForAll)
            text.Append(Member("  ", key, value)).Append(",\n");

        if (joined.Groups.Count > 0)
            text.Append(Member("  ", "groups", new JsonObject(joined.Groups.Select(group => KeyValuePair.Create<string, JsonNode?>(group.Key, Json.List(group.Value)))))).Append(",\n");

        text.Append("  \"services\": {\n").AppendJoin(",\n\n", joined.Services.Select(Service)).Append("\n  }\n}\n");
        return text.ToString();
    }

    /// <summary>A configuration of one service.</summary>
    public static string Alone(string name, JsonObject members) => $"{{\n  \"services\": {{\n{Entry(name, members)}\n  }}\n}}\n";

    /// <summary>A service as a member of <c>services</c>, over several lines.</summary>
    public static string Entry(string name, JsonObject members) =>
        $"    {Text(name)}: {{\n{string.Join(",\n", members.Select(member => Member("      ", member.Key, member.Value)))}\n    }}";

    private static string Service(FoundService service)
    {
        var text = new StringBuilder();
        Comment(text, "    ", $"{service.Place}");

        foreach (var remark in service.NotCarriedOver)
            Comment(text, "    ", $"Not carried over: {remark}");

        return text.Append(Entry(service.Name, service.Members)).ToString();
    }

    private static string Member(string indent, string key, JsonNode? value) => $"{indent}{Text(key)}: {Value(value)}";

    private static void Comment(StringBuilder text, string indent, string comment) =>
        text.Append(indent).Append("// ").Append(string.Concat(comment.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c))).Append('\n');

    private static string Value(JsonNode? value) => value switch
    {
        JsonObject section => $"{{ {string.Join(", ", section.Select(member => Member("", member.Key, member.Value)))} }}",
        JsonArray list => $"[{string.Join(", ", list.Select(Value))}]",
        JsonValue text when text.TryGetValue<string>(out var written) => Text(written),
        null => "null",
        _ => value.ToJsonString(),
    };

    private static string Text(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
