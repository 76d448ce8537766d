using StreamJsonRpc;

namespace Supervisor.Client;

/// <summary>The error codes that cross our pipes: JSON-RPC's own, those of the language server protocol, and ours.</summary>
public static class ErrorCode
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;

    /// <summary>The caller cancelled (<c>$/cancelRequest</c>); the code that vscode-jsonrpc and StreamJsonRpc use.</summary>
    public const int RequestCancelled = -32800;

    public const int NoSuchService = -32001;

    /// <summary>The request is not possible in the current state (the tree is stopping, the host is down).</summary>
    public const int NotNow = -32002;

    /// <summary>A newer parent has taken over.</summary>
    public const int Outdated = -32003;

    /// <summary>The configuration file has mistakes; the message lists them, one a line.</summary>
    public const int InvalidConfiguration = -32004;

    /// <summary>The exception that a handler throws to answer with this error.</summary>
    public static LocalRpcException Error(int code, string message) => new(message) { ErrorCode = code };
}
