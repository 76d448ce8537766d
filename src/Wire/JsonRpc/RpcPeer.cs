namespace Supervisor.Wire.JsonRpc;

/// <summary>
/// One end of a link: answers the other end's requests and may call it. Both ends are alike. Thread-safe. Owns the stream: disposing
/// the peer, or the end of <see cref="RunAsync"/>, closes it.
/// </summary>
public sealed class RpcPeer(Stream stream, RpcMethods methods, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Completes when <see cref="RunAsync"/> has ended; never fails.</summary>
    public Task Ended => throw new NotSupportedException();

    /// <summary>
    /// Throws <see cref="RpcException"/> (answered with an error), <see cref="LinkEndedException"/> (no answer will come) or
    /// <see cref="OperationCanceledException"/> (the other end has been told with <c>$/cancelRequest</c>). <see cref="RunAsync"/> must be running.
    /// </summary>
    public Task<TResult> CallAsync<TParams, TResult>(
        RpcMethod<TParams, TResult> method, TParams parameters, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Completes when the notification has been written. Throws <see cref="LinkEndedException"/>.</summary>
    public Task NotifyAsync<TParams>(RpcNotification<TParams> notification, TParams parameters, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Reads and answers until the link ends; returns why, in words. Throws for nothing that the other end does.</summary>
    public Task<string> RunAsync(CancellationToken stopping) => throw new NotSupportedException((stream, methods, time).ToString());

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
