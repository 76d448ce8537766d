using System.Text.Json;

namespace Supervisor.Wire.JsonRpc;

/// <summary>The members of a message that JSON-RPC 2.0 knows; others are ignored.</summary>
internal sealed record Envelope
{
    public bool IsVersion2 { get; private set; }

    public JsonElement? Id { get; private set; }

    public JsonElement? Method { get; private set; }

    public JsonElement? Params { get; private set; }

    public JsonElement? Result { get; private set; }

    public JsonElement? Error { get; private set; }

    public bool IsAnswer => Method is null && (Result is not null || Error is not null);

    /// <summary>Also gives the name of a member that is there twice: readers differ in which one they take, so neither is.</summary>
    public static (Envelope Envelope, string? Twice) Read(JsonElement message)
    {
        var envelope = new Envelope();
        var seen = new HashSet<string>(StringComparer.Ordinal);

        foreach (var member in message.EnumerateObject())
        {
            if (!seen.Add(member.Name))
                return (envelope, member.Name);

            envelope.Take(member.Name, member.Value);
        }

        return (envelope, null);
    }

    private void Take(string name, JsonElement value)
    {
        switch (name)
        {
            case "jsonrpc":
                IsVersion2 = value.ValueKind is JsonValueKind.String && value.ValueEquals("2.0"u8);
                break;
            case "id":
                Id = value;
                break;
            case "method":
                Method = value;
                break;
            case "params":
                Params = value;
                break;
            case "result":
                Result = value;
                break;
            case "error":
                Error = value;
                break;
        }
    }
}
