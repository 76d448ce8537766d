using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Supervisor.Wire.JsonRpc;

/// <summary>How requests and notifications of this end are written.</summary>
internal static class Question
{
    /// <param name="id">null: a notification.</param>
    public static Action<Utf8JsonWriter> Write<T>(RpcId? id, string method, T parameters, JsonTypeInfo<T> type) => json =>
    {
        Begin(json, id, method);
        JsonSerializer.Serialize(json, parameters, type);
        json.WriteEndObject();
    };

    public static Action<Utf8JsonWriter> WriteCancel(RpcId cancelled) => json =>
    {
        Begin(json, id: null, "$/cancelRequest");
        json.WriteStartObject();
        cancelled.Write(json);
        json.WriteEndObject();
        json.WriteEndObject();
    };

    private static void Begin(Utf8JsonWriter json, RpcId? id, string method)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        id?.Write(json);
        json.WriteString("method"u8, method);
        json.WritePropertyName("params"u8);
    }
}
