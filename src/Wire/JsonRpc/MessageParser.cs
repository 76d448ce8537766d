using System.Text.Json;
using System.Text.Unicode;

namespace Supervisor.Wire.JsonRpc;

/// <summary>Makes messages from the bytes of a frame. Pure; throws for nothing that a frame can hold.</summary>
internal static class MessageParser
{
    public static ParsedFrame Parse(ReadOnlySpan<byte> body)
    {
        // The JSON reader checks UTF-8 only where a string is taken out: late, and with another exception.
        if (!Utf8.IsValid(body))
            return Unreadable("the message is not UTF-8");

        try
        {
            return FromRoot(ReadRoot(body));
        }
        catch (JsonException e)
        {
            return IsTooDeep(body)
                ? new ParsedFrame.Unreadable(ErrorCode.InvalidRequest, $"the message is nested deeper than {RpcLimits.Depth}", BreaksLimit: true)
                : Unreadable($"the message is not JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // GetString says so of an escape that is half a surrogate pair.
            return Unreadable("the message holds a string that is not Unicode");
        }
    }

    private static JsonElement ReadRoot(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RpcLimits.Depth });
        var root = JsonElement.ParseValue(ref reader);

        while (reader.Read())
        {
            // Only white space may follow; the reader throws for anything else.
        }

        return root;
    }

    private static ParsedFrame FromRoot(JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Array)
            return new ParsedFrame.Single(FromElement(root));

        return root.GetArrayLength() switch
        {
            0 => new ParsedFrame.Unreadable(ErrorCode.InvalidRequest, "the batch is empty", BreaksLimit: false),
            > RpcLimits.Batch => new ParsedFrame.Unreadable(
                ErrorCode.InvalidRequest, $"the batch has more than {RpcLimits.Batch} messages", BreaksLimit: true),
            _ => new ParsedFrame.Batch([.. root.EnumerateArray().Select(FromElement)]),
        };
    }

    private static RpcMessage FromElement(JsonElement element)
    {
        if (element.ValueKind is not JsonValueKind.Object)
            return Invalid(null, "a message is an object");

        var (envelope, twice) = Envelope.Read(element);

        if (twice is not null)
            return Invalid(envelope.Id, $"\"{twice}\" is given twice");

        if (!envelope.IsVersion2)
            return Invalid(envelope.Id, "\"jsonrpc\" is not \"2.0\"");

        if (envelope.Id is { } id && RpcId.TryRead(id) is null)
            return Invalid(null, "\"id\" is not a string, an integer or null");

        return envelope.IsAnswer ? Answer(envelope) : Question(envelope);
    }

    private static RpcMessage Question(Envelope envelope)
    {
        if (envelope.Method is not { ValueKind: JsonValueKind.String } method)
            return Invalid(envelope.Id, envelope.Method is null ? "\"method\" is missing" : "\"method\" is not a string");

        if (envelope.Params is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null) })
            return Invalid(envelope.Id, "\"params\" is not an object or an array");

        var parameters = envelope.Params is { ValueKind: JsonValueKind.Null } ? null : envelope.Params;
        var name = method.GetString()!;

        return envelope.Id is { } id
            ? new RpcMessage.Request(RpcId.TryRead(id)!, name, parameters)
            : new RpcMessage.Notification(name, parameters);
    }

    private static RpcMessage Answer(Envelope envelope)
    {
        var id = envelope.Id is { } given ? RpcId.TryRead(given)! : new RpcId.Null();

        // Some peers write both members, the unused one as null.
        return envelope switch
        {
            { Error: { ValueKind: JsonValueKind.Object } error } => Failure(id, error),
            { Error: null or { ValueKind: JsonValueKind.Null }, Result: { } result } => new RpcMessage.Succeeded(id, result),
            _ => new RpcMessage.Failed(id, ErrorCode.InternalError, "the answer has an \"error\" that is not an object"),
        };
    }

    private static RpcMessage.Failed Failure(RpcId id, JsonElement error)
    {
        var code = error.TryGetProperty("code"u8, out var number) && number.ValueKind is JsonValueKind.Number && number.TryGetInt32(out var value)
            ? value
            : ErrorCode.InternalError;

        var message = error.TryGetProperty("message"u8, out var text) && text.ValueKind is JsonValueKind.String
            ? text.GetString()!
            : "an error without a message";

        return new RpcMessage.Failed(id, code, message);
    }

    private static RpcMessage.Invalid Invalid(JsonElement? id, string why) =>
        new(id is { } given && RpcId.TryRead(given) is { } read ? read : new RpcId.Null(), why);

    private static ParsedFrame.Unreadable Unreadable(string why) => new(ErrorCode.ParseError, why, BreaksLimit: false);

    private static bool IsTooDeep(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RpcLimits.Depth + 1 });

        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= RpcLimits.Depth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    return true;
            }
        }
        catch (JsonException)
        {
            // It is wrong before it is too deep; the caller says so.
        }

        return false;
    }
}
