using StreamJsonRpc;

namespace Supervisor.Wire;

/// <summary>The formats of messages. A formatter belongs to one link.</summary>
public static class Formatters
{
    /// <summary>UTF-8 JSON, for the control pipe and its clients.</summary>
    public static IJsonRpcMessageFormatter Json() => SupervisorClient.Formatter();

    /// <summary>Between the parent and its children.</summary>
    public static IJsonRpcMessageFormatter Internal() => Json();
}
