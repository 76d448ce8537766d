using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Supervisor.Wire.JsonRpc;

/// <summary>
/// Runs the handlers of one link. Everything passes the inbox in order of arrival: a notification's handler is waited for, a request's is only
/// started. The reading loop feeds it; answers and cancellations do not pass here, so a handler may call back over its own link.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing but memory; handlers release it until the very end.")]
internal sealed class Dispatcher(RpcMethods methods, RpcPeer peer, AnswerSender answers, LinkEnd end)
{
    // Full means that all slots are taken or a notification's handler is slow. The reading loop then waits, then the other end's writes do.
    // Nothing is dropped; only cancellations and answers behind it are late.
    private readonly Channel<Arrival> _inbox = Channel.CreateBounded<Arrival>(
        new BoundedChannelOptions(RpcLimits.Inbox) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });

    // Full means that so many requests have no answer yet: the next one waits in the inbox.
    private readonly SemaphoreSlim _slots = new(RpcLimits.ConcurrentRequests, RpcLimits.ConcurrentRequests);
    private readonly RunningRequests _requests = new();

    public async Task AcceptAsync(RpcMessage.Request request, AnswerBatch? batch)
    {
        if (_requests.TryBegin(request.Id) is { } running)
            await _inbox.Writer.WriteAsync(new Arrival.Request(request, running, batch), end.Token);
        else
            await answers.SendAsync(
                new Answer.Failure(request.Id, ErrorCode.InvalidRequest, "a request with this id has no answer yet"), batch);
    }

    public async Task AcceptAsync(RpcMessage.Notification notification) =>
        await _inbox.Writer.WriteAsync(new Arrival.Notification(notification), end.Token);

    public void Cancel(RpcId id) => _requests.Cancel(id);

    /// <summary>Nothing more arrives. What has arrived is still handled, with a cancelled token: a client may ask and leave.</summary>
    public void Complete()
    {
        _inbox.Writer.TryComplete();
        _requests.CancelAll();
    }

    /// <summary>Ends when the inbox is complete and empty and every handler has ended.</summary>
    public async Task RunAsync()
    {
        var running = new List<Task>();

        await foreach (var arrival in _inbox.Reader.ReadAllAsync(CancellationToken.None))
        {
            switch (arrival)
            {
                case Arrival.Notification(var notification):
                    await HandleAsync(notification);
                    break;
                case Arrival.Request request:
                    await _slots.WaitAsync(CancellationToken.None);
                    running.RemoveAll(task => task.IsCompleted);
                    running.Add(AnswerAsync(request));
                    break;
            }
        }

        await Task.WhenAll(running);
    }

    private async Task HandleAsync(RpcMessage.Notification notification)
    {
        if (methods.Notification(notification.Method) is not { } handler)
            return;

        try
        {
            await handler(notification.Params, peer, end.Token);
        }
        catch (OperationCanceledException) when (end.HasCome)
        {
            // The handler stopped because the link did.
        }
        catch (Exception e) when (peer.Report(notification.Method, e))
        {
            // Nobody waits for a notification's outcome: it has been reported to this end's owner.
        }
    }

    private async Task AnswerAsync(Arrival.Request arrival)
    {
        try
        {
            var answer = await OutcomeAsync(arrival);

            // Free before the answer is out: the caller may use the id again as soon as it has it.
            _requests.End(answer.Id);
            await answers.SendAsync(answer, arrival.Batch);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<Answer> OutcomeAsync(Arrival.Request arrival)
    {
        var (id, method, parameters) = arrival.Message;

        if (methods.Request(method) is not { } handler)
            return new Answer.Failure(id, ErrorCode.MethodNotFound, $"there is no method \"{method}\"");

        if (arrival.Running.CallerCancelled)
            return Cancelled(id, method);

        try
        {
            return new Answer.Success(id, await handler(parameters, peer, arrival.Running.Token));
        }
        catch (RpcException e)
        {
            return new Answer.Failure(id, e.Code, e.Message);
        }
        catch (OperationCanceledException)
        {
            return Cancelled(id, method);
        }
        catch (Exception e) when (peer.Report(method, e))
        {
            return new Answer.Failure(id, ErrorCode.InternalError, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static Answer.Failure Cancelled(RpcId id, string method) => new(id, ErrorCode.RequestCancelled, $"{method} was cancelled");

    private abstract record Arrival
    {
        internal sealed record Request(RpcMessage.Request Message, RunningRequest Running, AnswerBatch? Batch) : Arrival;

        internal sealed record Notification(RpcMessage.Notification Message) : Arrival;
    }
}
