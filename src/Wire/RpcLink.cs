using StreamJsonRpc;
using StreamJsonRpc.Protocol;
using Supervisor.Wire.Frames;

namespace Supervisor.Wire;

/// <summary>
/// One end of a link: StreamJsonRpc over one of our pipes, within <see cref="FrameLimits"/>. Add targets and attach proxies through
/// <see cref="Rpc"/> before <see cref="RunAsync"/>. Thread-safe. Owns the stream.
/// </summary>
public sealed class RpcLink : IAsyncDisposable
{
    private readonly LinkEnd _end = new();
    private readonly TimeProvider _time;
    private readonly ReportingRpc _rpc;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RpcLink(Stream stream, IJsonRpcMessageFormatter formatter, TimeProvider time)
    {
        _time = time;
        _rpc = new ReportingRpc(new FrameMessageHandler(stream, formatter, time, _end), _end);
    }

    /// <summary>Called with a method and its unexpected exception, which is a bug of this end. Must not throw or block.</summary>
    public Action<string, Exception>? HandlerFailed
    {
        init => _rpc.HandlerFailed = value;
    }

    /// <summary>To add targets and attach proxies. Calls of a proxy go through <see cref="CallAsync"/>.</summary>
    public JsonRpc Rpc => _rpc;

    /// <summary>Completes when <see cref="RunAsync"/> has ended; never fails.</summary>
    public Task Ended => _ended.Task;

    /// <summary>
    /// Calls a proxy; needs <see cref="RunAsync"/> running. Throws <see cref="RemoteRpcException"/> (answered with an error),
    /// <see cref="LinkEndedException"/> (no answer will come) or, at once when the token is cancelled, <see cref="OperationCanceledException"/>:
    /// the library itself would wait for the other end's answer to the cancellation.
    /// </summary>
    public async Task<TResult> CallAsync<TResult>(Func<CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is ConnectionLostException or ObjectDisposedException)
        {
            throw _end.HasEnded ? _end.ToException(e) : new LinkEndedException("The link has ended.", e);
        }
    }

    /// <inheritdoc cref="CallAsync{TResult}(Func{CancellationToken, Task{TResult}}, CancellationToken)"/>
    public Task CallAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) => CallAsync(token => Acknowledgement.OfAsync(call(token)), cancellationToken);

    /// <summary>As <see cref="CallAsync{TResult}(Func{CancellationToken, Task{TResult}}, CancellationToken)"/>, with a deadline.</summary>
    /// <param name="what">The call's name, for people.</param>
    /// <exception cref="TimeoutException">No answer within the time.</exception>
    public async Task<TResult> CallAsync<TResult>(
        string what, Func<CancellationToken, Task<TResult>> call, TimeSpan within, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(within, _time, cancellationToken);

        try
        {
            return await CallAsync(call, deadline.Token);
        }
        catch (OperationCanceledException late) when (deadline.HasPassed)
        {
            throw new TimeoutException($"{what} was not answered within {within.TotalSeconds:0.#} s", late);
        }
    }

    /// <summary>Completes when the kernel has the notification. Throws <see cref="LinkEndedException"/>.</summary>
    public Task NotifyAsync<T>(string name, T parameter, CancellationToken cancellationToken) =>
        CallAsync(_ => _rpc.NotifyAsync(name, [parameter], [typeof(T)]), cancellationToken);

    /// <summary>With named parameters. Completes when the kernel has the notification. Throws <see cref="LinkEndedException"/>.</summary>
    public Task NotifyAsync(
        string name, IReadOnlyDictionary<string, object?> parameters, IReadOnlyDictionary<string, Type> types, CancellationToken cancellationToken) =>
        CallAsync(_ => _rpc.NotifyWithParameterObjectAsync(name, parameters, types), cancellationToken);

    /// <summary>Reads and answers until the link ends; returns the reason. Never throws because of the other end. Runs once.</summary>
    public async Task<string> RunAsync(CancellationToken stopping)
    {
        await using var registration = stopping.UnsafeRegister(_ => Close("this end stopped"), null);

        try
        {
            _rpc.StartListening();
            await _rpc.Completion;
        }
#pragma warning disable CA1031 // Any exception of the library means that the link has ended.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _end.Set(e.Message);
        }

        _end.Set("the other end closed it");
        _rpc.Dispose();

        try
        {
            await _rpc.DispatchCompletion;
        }
        finally
        {
            _ended.TrySetResult();
        }

        return _end.Reason;
    }

    /// <summary>Ends the link: calls fail, handlers are cancelled, <see cref="RunAsync"/> returns this reason unless there was an earlier one. May be
    /// called from a handler.</summary>
    public void Close(string reason)
    {
        _end.Set(reason);
        _rpc.Dispose();
    }

    /// <summary>Ends the link. Does not wait for <see cref="RunAsync"/>, so a handler may do it.</summary>
    public ValueTask DisposeAsync()
    {
        Close("this end closed it");
        return ValueTask.CompletedTask;
    }

    private sealed class ReportingRpc(IJsonRpcMessageHandler handler, LinkEnd end) : JsonRpc(handler)
    {
        public Action<string, Exception>? HandlerFailed { get; set; }

        /// <summary>
        /// The end of the link cancels the handlers. The library's own option misses a request that is dispatched while the link ends, which would
        /// run for ever.
        /// </summary>
        protected override async ValueTask<JsonRpcMessage> DispatchRequestAsync(
            JsonRpcRequest request, TargetMethod targetMethod, CancellationToken cancellationToken)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, end.Token);
            return await base.DispatchRequestAsync(request, targetMethod, either.Token);
        }

        protected override JsonRpcError.ErrorDetail CreateErrorDetails(JsonRpcRequest request, Exception exception) => exception switch
        {
            LocalRpcException foreseen => Detail(foreseen.ErrorCode, foreseen.Message),
            OperationCanceledException => Detail(ErrorCode.RequestCancelled, $"{request.Method} was cancelled"),
            _ => Unforeseen(request, exception),
        };

        private JsonRpcError.ErrorDetail Unforeseen(JsonRpcRequest request, Exception exception)
        {
            HandlerFailed?.Invoke(request.Method ?? "", exception);
            return Detail(ErrorCode.InternalError, $"{exception.GetType().Name}: {exception.Message}");
        }

        private static JsonRpcError.ErrorDetail Detail(int code, string message) => new() { Code = (JsonRpcErrorCode)code, Message = message };
    }
}
