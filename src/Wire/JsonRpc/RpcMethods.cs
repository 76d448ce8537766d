namespace Supervisor.Wire.JsonRpc;

/// <summary>What a peer answers: the table of its methods. Immutable; <c>On</c> gives a new table.</summary>
public sealed class RpcMethods
{
    public static readonly RpcMethods None = new();

    /// <summary>Answers a request. The handler's token is cancelled by <c>$/cancelRequest</c> and by the link's end.</summary>
    public RpcMethods On<TParams, TResult>(
        RpcMethod<TParams, TResult> method, Func<TParams, RpcPeer, CancellationToken, Task<TResult>> handler) => this;

    /// <summary>Handles a notification. Notifications are handled one after the other, before any later message is looked at.</summary>
    public RpcMethods On<TParams>(RpcNotification<TParams> notification, Func<TParams, RpcPeer, CancellationToken, Task> handler) => this;
}
