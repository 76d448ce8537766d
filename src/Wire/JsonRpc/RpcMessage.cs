using System.Text.Json;

namespace Supervisor.Wire.JsonRpc;

/// <summary>One message of the other end, understood as far as it could be.</summary>
internal abstract record RpcMessage
{
    internal sealed record Request(RpcId Id, string Method, JsonElement? Params) : RpcMessage;

    internal sealed record Notification(string Method, JsonElement? Params) : RpcMessage;

    /// <summary>An answer to a call of ours.</summary>
    internal sealed record Succeeded(RpcId Id, JsonElement Result) : RpcMessage;

    /// <summary>An answer to a call of ours.</summary>
    internal sealed record Failed(RpcId Id, int Code, string Message) : RpcMessage;

    /// <summary>Not JSON-RPC 2.0. Answered with an error; an answer never is, however wrong, so that two peers cannot reproach each other for ever.</summary>
    internal sealed record Invalid(RpcId Id, string Why) : RpcMessage;
}

/// <summary>What one frame holds.</summary>
internal abstract record ParsedFrame
{
    internal sealed record Single(RpcMessage Message) : ParsedFrame;

    internal sealed record Batch(IReadOnlyList<RpcMessage> Messages) : ParsedFrame;

    /// <summary>Nothing in it can be used. The framing is intact, so the link may live.</summary>
    internal sealed record Unreadable(int Code, string Why, bool BreaksLimit) : ParsedFrame;
}
