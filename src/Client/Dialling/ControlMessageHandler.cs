using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Supervisor.Client;

/// <summary>
/// The frames of the control pipe. An error without a request id is the parent's reason for closing the link; the library ends the link at it without
/// reporting its message.
/// </summary>
internal sealed class ControlMessageHandler(Stream stream, IJsonRpcMessageFormatter formatter) : HeaderDelimitedMessageHandler(stream, stream, formatter)
{
    private volatile string? _refusal;

    /// <summary>null: none was given.</summary>
    public string? Refusal => _refusal;

    protected override async ValueTask<JsonRpcMessage?> ReadCoreAsync(CancellationToken cancellationToken)
    {
        var message = await base.ReadCoreAsync(cancellationToken);

        if (message is JsonRpcError { RequestId.IsNull: true, Error.Message: { } why })
            _refusal = why;

        return message;
    }
}
