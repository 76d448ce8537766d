using System.Text.Json.Serialization;
using Supervisor.Wire;

namespace Supervisor.Unit.Wire.JsonRpc;

/// <summary>A contract with everything that a contract can have.</summary>
internal static class TestContract
{
    public static readonly RpcMethod<AddRequest, Sum> Add = new("test/add", TestJson.Default.AddRequest, TestJson.Default.Sum);

    /// <summary>Ends only by cancellation.</summary>
    public static readonly RpcMethod<Empty, Empty> Hang = new("test/hang", TestJson.Default.Empty, TestJson.Default.Empty);

    public static readonly RpcMethod<Text, Empty> Fail = new("test/fail", TestJson.Default.Text, TestJson.Default.Empty);

    public static readonly RpcMethod<Text, Text> Echo = new("test/echo", TestJson.Default.Text, TestJson.Default.Text);

    public static readonly RpcNotification<Text> Note = new("test/note", TestJson.Default.Text);
}

internal sealed record AddRequest(int Left, int Right, string Unit = "m", IReadOnlyList<int>? More = null);

internal sealed record Sum(double Value, string Unit);

internal sealed record Text(string Value);

internal sealed record Empty;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AddRequest))]
[JsonSerializable(typeof(Sum))]
[JsonSerializable(typeof(Text))]
[JsonSerializable(typeof(Empty))]
internal sealed partial class TestJson : JsonSerializerContext;
