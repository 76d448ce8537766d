using System.Text.Json;
using System.Text.Unicode;

namespace Supervisor.Wire.Frames;

/// <summary>An error in a JSON-RPC message outside its parameters. Pure; never throws, whatever the frame contains.</summary>
/// <param name="Id">Id of the wrong request, as JSON; null: it has no readable id.</param>
/// <param name="EndsLink">A limit is exceeded; other errors do not end the link.</param>
internal sealed record EnvelopeError(int Code, string Message, JsonElement? Id, bool EndsLink)
{
    private static readonly string[] Members = ["jsonrpc", "id", "method", "params", "result", "error"];

    /// <summary>null: the message can be passed to the formatter.</summary>
    public static EnvelopeError? Find(ReadOnlySpan<byte> body)
    {
        // The JSON reader checks UTF-8 only when a string is read: late, and with another exception.
        if (!Utf8.IsValid(body))
            return Unreadable("the message is not UTF-8");

        try
        {
            return FindIn(ReadRoot(body));
        }
        catch (JsonException e)
        {
            return IsTooDeep(body)
                ? new EnvelopeError(ErrorCode.InvalidRequest, $"the message is nested deeper than {FrameLimits.Depth}", null, EndsLink: true)
                : Unreadable($"the message is not JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // GetString throws this for an escape that is half a surrogate pair.
            return Unreadable("the message holds a string that is not Unicode");
        }
    }

    private static EnvelopeError? FindIn(JsonElement root)
    {
        if (root.ValueKind is JsonValueKind.Array)
            return Invalid(null, "batches are not supported; send each message in a frame of its own");

        if (root.ValueKind is not JsonValueKind.Object)
            return Invalid(null, "a message is an object");

        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

        foreach (var member in root.EnumerateObject().Where(member => Members.Contains(member.Name, StringComparer.Ordinal)))
        {
            if (!members.TryAdd(member.Name, member.Value))
                return Invalid(IdOf(members), $"\"{member.Name}\" is given twice");
        }

        var id = IdOf(members);

        return members switch
        {
            _ when members.GetValueOrDefault("jsonrpc") is not { ValueKind: JsonValueKind.String } version || version.GetString() != "2.0" =>
                Invalid(id, "\"jsonrpc\" is not \"2.0\""),
            _ when members.ContainsKey("id") && id is null => Invalid(null, "\"id\" is not a string, an integer or null"),
            _ when members.ContainsKey("result") || members.ContainsKey("error") => null,
            _ => FindInRequest(members, id),
        };
    }

    private static EnvelopeError? FindInRequest(Dictionary<string, JsonElement> members, JsonElement? id)
    {
        if (!members.TryGetValue("method", out var method))
            return Invalid(id, "\"method\" is missing");

        // The name is read here to find one that is not Unicode.
        if (method.ValueKind is not JsonValueKind.String || method.GetString() is null)
            return Invalid(id, "\"method\" is not a string");

        return members.TryGetValue("params", out var parameters)
            && parameters.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
                ? Invalid(id, "\"params\" is not an object or an array")
                : null;
    }

    /// <summary>The id is read here to find one that is not Unicode.</summary>
    private static JsonElement? IdOf(Dictionary<string, JsonElement> members) => members.GetValueOrDefault("id") switch
    {
        { ValueKind: JsonValueKind.Null } none => none,
        { ValueKind: JsonValueKind.String } text when text.GetString() is not null => text,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out _) => number,
        _ => null,
    };

    private static JsonElement ReadRoot(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = FrameLimits.Depth });
        var root = JsonElement.ParseValue(ref reader);

        while (reader.Read())
        {
            // Only white space may follow; the reader throws for anything else.
        }

        return root;
    }

    private static bool IsTooDeep(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = FrameLimits.Depth + 1 });

        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= FrameLimits.Depth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    return true;
            }
        }
        catch (JsonException)
        {
            // The message is invalid before it is too deep; the caller reports that.
        }

        return false;
    }

    private static EnvelopeError Invalid(JsonElement? id, string message) => new(ErrorCode.InvalidRequest, message, id, EndsLink: false);

    private static EnvelopeError Unreadable(string message) => new(ErrorCode.ParseError, message, null, EndsLink: false);
}
