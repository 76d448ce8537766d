using System.Globalization;
using System.Text.Json;

namespace Supervisor.Wire.JsonRpc;

/// <summary>What ties an answer to its request; chosen by whoever asks.</summary>
internal abstract record RpcId
{
    internal sealed record Text(string Value) : RpcId
    {
        public override void Write(Utf8JsonWriter json) => json.WriteString("id"u8, Value);
    }

    internal sealed record Number(long Value) : RpcId
    {
        public override void Write(Utf8JsonWriter json) => json.WriteNumber("id"u8, Value);

        public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Legal, though it ties nothing: no two of them are equal. Also the id of an answer to what was not understood.</summary>
    internal sealed record Null : RpcId
    {
        public bool Equals(Null? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => 0;

        public override void Write(Utf8JsonWriter json) => json.WriteNull("id"u8);
    }

    public abstract void Write(Utf8JsonWriter json);

    /// <summary>null for what cannot be an id: fractions, booleans, objects, numbers beyond 64 bits.</summary>
    public static RpcId? TryRead(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new Text(element.GetString()!),
        JsonValueKind.Number when element.TryGetInt64(out var number) => new Number(number),
        JsonValueKind.Null => new Null(),
        _ => null,
    };
}
