using System.Text.Json;

namespace Supervisor.Wire.JsonRpc;

/// <summary>
/// One end of a link: answers the other end's requests and may call it. Both ends are alike. Thread-safe. Owns the stream: the end of
/// <see cref="RunAsync"/> closes it. Handlers belong to <see cref="RunAsync"/>, which waits for them.
/// </summary>
public sealed class RpcPeer : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly LinkEnd _end = new();
    private readonly PendingCalls _calls = new();
    private readonly FrameWriter _writer;
    private readonly Dispatcher _dispatcher;
    private readonly ReadingLoop _reading;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runs;

    public RpcPeer(Stream stream, RpcMethods methods, TimeProvider time)
    {
        _stream = stream;
        _writer = new FrameWriter(stream, time, _end);
        var answers = new AnswerSender(_writer);
        _dispatcher = new Dispatcher(methods, this, answers, _end);
        _reading = new ReadingLoop(new FrameReader(stream, time), _calls, _dispatcher, answers, _end);
    }

    /// <summary>Told of a handler's exception that no contract foresees (method, exception): a bug of this end. Must not throw or block.</summary>
    public Action<string, Exception>? HandlerFailed { get; init; }

    /// <summary>Completes when <see cref="RunAsync"/> has ended; never fails.</summary>
    public Task Ended => _ended.Task;

    /// <summary>
    /// Asks the other end; needs <see cref="RunAsync"/> running. Throws <see cref="RpcException"/> (answered with an error),
    /// <see cref="LinkEndedException"/> (no answer will come) or, at once when the token is cancelled, <see cref="OperationCanceledException"/>
    /// after telling the other end so. A message beyond <see cref="RpcLimits.BodyBytes"/> is an <see cref="RpcException"/> and is not sent.
    /// </summary>
    public async Task<TResult> CallAsync<TParams, TResult>(
        RpcMethod<TParams, TResult> method, TParams parameters, CancellationToken cancellationToken)
    {
        var (id, answer) = _calls.Begin();

        try
        {
            await SendAsync(Question.Write(id, method.Name, parameters, method.Params), cancellationToken);
        }
        catch (Exception)
        {
            _calls.Forget(id);
            throw;
        }

        try
        {
            return ReadResult(method, await answer.WaitAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (_calls.Forget(id))
        {
            await SendCancelAsync(id);
            throw;
        }
    }

    /// <summary>Completes when the kernel has the notification. Throws <see cref="LinkEndedException"/>.</summary>
    public Task NotifyAsync<TParams>(RpcNotification<TParams> notification, TParams parameters, CancellationToken cancellationToken) =>
        SendAsync(Question.Write(id: null, notification.Name, parameters, notification.Params), cancellationToken);

    /// <summary>
    /// Reads and answers until the link ends, then waits for the handlers; returns why it ended, in words. Throws for nothing that the other end
    /// does. Runs once.
    /// </summary>
    public async Task<string> RunAsync(CancellationToken stopping)
    {
        if (Interlocked.Exchange(ref _runs, 1) != 0)
            throw new InvalidOperationException("A peer runs once.");

        await using var registration = stopping.UnsafeRegister(_ => Close("this end stopped"), null);
        var dispatching = _dispatcher.RunAsync();

        try
        {
            Close(await _reading.RunAsync());
            _dispatcher.Complete();
            await _stream.DisposeAsync();
            await dispatching;
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
        _calls.End(_end.ToException());
    }

    /// <summary>Ends the link and closes the stream. Does not wait for <see cref="RunAsync"/>, so a handler may do it.</summary>
    public ValueTask DisposeAsync()
    {
        Close("this end closed it");
        return _stream.DisposeAsync();
    }

    /// <summary>Always true: an exception filter reports on its way.</summary>
    internal bool Report(string method, Exception exception)
    {
        HandlerFailed?.Invoke(method, exception);
        return true;
    }

    private async Task SendAsync(Action<Utf8JsonWriter> message, CancellationToken cancellationToken)
    {
        try
        {
            await _writer.WriteAsync(message, cancellationToken);
        }
        catch (LinkEndedException)
        {
            // Whoever waits for an answer learns it too, although the reading loop may not have noticed yet.
            Close(_end.Reason);
            throw;
        }
        catch (MessageTooLongException e)
        {
            throw new RpcException(ErrorCode.InvalidRequest, e.Message);
        }
    }

    private async Task SendCancelAsync(RpcId.Number id)
    {
        try
        {
            await _writer.WriteAsync(Question.WriteCancel(id), CancellationToken.None);
        }
        catch (LinkEndedException)
        {
            // The other end cancels what it does for us when the link ends.
        }
    }

    private static TResult ReadResult<TParams, TResult>(RpcMethod<TParams, TResult> method, JsonElement result)
    {
        try
        {
            return result.Deserialize(method.Result)
                ?? throw new RpcException(ErrorCode.InternalError, $"{method.Name} was answered with null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new RpcException(ErrorCode.InternalError, $"the answer to {method.Name} cannot be read: {e.Message}");
        }
    }
}
