using StreamJsonRpc;

namespace Supervisor.Wire;

/// <summary>How messages are written. A formatter belongs to one link.</summary>
public static class Formatters
{
    /// <summary>UTF-8 JSON, for the control pipe and whoever speaks it.</summary>
    public static IJsonRpcMessageFormatter Json() => SupervisorClient.Formatter();

    /// <summary>Between the parent and its children.</summary>
    public static IJsonRpcMessageFormatter Internal() => Json();
}
