using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using StreamJsonRpc;

namespace Supervisor.Wire;

/// <summary>How messages are written. A formatter belongs to one link.</summary>
public static class Formatters
{
    /// <summary>UTF-8 JSON, for the control pipe and whoever speaks it.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Types are resolved from ContractJson, which is generated at build.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Types are resolved from ContractJson, which is generated at build.")]
    public static IJsonRpcMessageFormatter Json() => new SystemTextJsonFormatter
    {
        JsonSerializerOptions = new JsonSerializerOptions(ContractJson.Default.Options),
    };

    /// <summary>Between the parent and its children.</summary>
    public static IJsonRpcMessageFormatter Internal() => Json();
}
