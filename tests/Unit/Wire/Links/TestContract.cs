using System.Text.Json.Serialization;
using PolyType;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Supervisor.Unit.Wire.Links;

/// <summary>A contract with every kind of method.</summary>
[JsonRpcContract, GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
internal partial interface ITestContract
{
    [JsonRpcMethod("test/add")]
    Task<Sum> AddAsync(int left, int right, string unit = "m", IReadOnlyList<int>? more = null, CancellationToken cancellationToken = default);

    /// <summary>Ends only by cancellation.</summary>
    [JsonRpcMethod("test/hang")]
    Task HangAsync(CancellationToken cancellationToken = default);

    [JsonRpcMethod("test/fail")]
    Task FailAsync(string value, CancellationToken cancellationToken = default);

    [JsonRpcMethod("test/echo")]
    Task<Text> EchoAsync(string value, CancellationToken cancellationToken = default);

    /// <summary>A notification.</summary>
    [JsonRpcMethod("test/note")]
    Task NoteAsync(string value, CancellationToken cancellationToken = default);
}

internal sealed record Sum(double Value, string Unit);

internal sealed record Text(string Value);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Sum))]
[JsonSerializable(typeof(Text))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(IReadOnlyList<int>))]
[JsonSerializable(typeof(RequestId))]
[JsonSerializable(typeof(Dictionary<string, object>))]
[JsonSerializable(typeof(object[]))]
[JsonSerializable(typeof(CommonErrorData))]
internal sealed partial class TestJson : JsonSerializerContext;

/// <summary>Implements the contract; a test replaces the methods that it is about.</summary>
internal sealed class TestAnswers : ITestContract
{
    public List<string> Seen { get; } = [];

    public Func<string, CancellationToken, Task<Text>> Echo { get; set; } = (value, _) => Task.FromResult(new Text(value));

    public Func<CancellationToken, Task> Hang { get; set; } = cancellationToken => Task.Delay(Timeout.Infinite, cancellationToken);

    public Task<Sum> AddAsync(
        int left, int right, string unit = "m", IReadOnlyList<int>? more = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new Sum(left + right + (more ?? []).Sum(), unit));

    public Task HangAsync(CancellationToken cancellationToken = default) => Hang(cancellationToken);

    public Task FailAsync(string value, CancellationToken cancellationToken = default) =>
        throw (value == "contract" ? ErrorCode.Error(-32001, "no such thing") : new FormatException(value));

    public Task<Text> EchoAsync(string value, CancellationToken cancellationToken = default) => Echo(value, cancellationToken);

    public Task NoteAsync(string value, CancellationToken cancellationToken = default)
    {
        Seen.Add(value);
        return Task.CompletedTask;
    }
}
