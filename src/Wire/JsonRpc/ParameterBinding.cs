using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Supervisor.Wire.JsonRpc;

/// <summary>
/// Makes a handler's parameters from <c>params</c>: an object names them, an array gives them in the record's order, nothing means <c>{}</c>.
/// Unknown names are ignored, so that a newer caller can speak to us. Pure; throws <see cref="RpcException"/> naming the parameter.
/// </summary>
internal static class ParameterBinding
{
    private const int QuotedCharacters = 60;

    public static T Bind<T>(JsonElement? parameters, JsonTypeInfo<T> type)
    {
        try
        {
            var named = parameters switch
            {
                null => Named([], type),
                { ValueKind: JsonValueKind.Array } positional => Named([.. positional.EnumerateArray()], type),
                { } element => element,
            };

            RefuseTwice(named);
            RefuseMissing(named, type);
            return Read(named, type);
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException)
        {
            // A string that is not Unicode, a polymorphic value without its kind: no path is named for these.
            throw Wrong($"the parameters cannot be read: {e.Message}");
        }
    }

    private static T Read<T>(JsonElement named, JsonTypeInfo<T> type)
    {
        try
        {
            return named.Deserialize(type) ?? throw Wrong("the parameters are missing");
        }
        catch (JsonException e)
        {
            throw Wrong(Describe(named, e.Path));
        }
    }

    private static JsonElement Named(IReadOnlyList<JsonElement> positional, JsonTypeInfo type)
    {
        if (positional.Count > type.Properties.Count)
            throw Wrong($"{positional.Count} parameters given; there are {type.Properties.Count}{Names(type)}");

        var buffer = new ArrayBufferWriter<byte>();

        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();

            for (var i = 0; i < positional.Count; i++)
            {
                json.WritePropertyName(type.Properties[i].Name);
                positional[i].WriteTo(json);
            }

            json.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static string Names(JsonTypeInfo type) =>
        type.Properties.Count == 0 ? "" : $" ({string.Join(", ", type.Properties.Select(property => property.Name))})";

    private static void RefuseTwice(JsonElement named)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);

        foreach (var member in named.EnumerateObject().Where(member => !seen.Add(member.Name)))
            throw Wrong($"parameter \"{member.Name}\" is given twice");
    }

    private static void RefuseMissing(JsonElement named, JsonTypeInfo type)
    {
        var missing = type.Properties
            .Where(property => IsRequired(property) && !named.TryGetProperty(property.Name, out _))
            .Select(property => $"\"{property.Name}\"")
            .ToList();

        if (missing.Count > 0)
            throw Wrong($"parameter {string.Join(", ", missing)} is missing");
    }

    private static bool IsRequired(JsonPropertyInfo property) =>
        property.IsRequired || (property.Options.RespectRequiredConstructorParameters && property.AssociatedParameter is { HasDefaultValue: false });

    private static string Describe(JsonElement named, string? path)
    {
        var inside = path is null ? "" : path.TrimStart('$').TrimStart('.');
        var name = inside.Split('.', '[')[0];

        if (name.Length == 0 || !named.TryGetProperty(name, out var value))
            return "the parameters cannot be read";

        var text = value.GetRawText();
        var quoted = text.Length <= QuotedCharacters ? text : text[..QuotedCharacters] + "…";
        return inside == name ? $"parameter \"{name}\" cannot be {quoted}" : $"parameter \"{name}\" is wrong at {inside}: {quoted}";
    }

    private static RpcException Wrong(string message) => new(ErrorCode.InvalidParams, message);
}
