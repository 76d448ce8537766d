using System.Text.Json.Serialization.Metadata;

namespace Supervisor.Wire.JsonRpc;

/// <summary>One request of a contract: its name and how its parameters and result are written. Both ends share the descriptor.</summary>
public sealed record RpcMethod<TParams, TResult>(string Name, JsonTypeInfo<TParams> Params, JsonTypeInfo<TResult> Result);

/// <summary>One notification of a contract: nobody answers it.</summary>
public sealed record RpcNotification<TParams>(string Name, JsonTypeInfo<TParams> Params);
