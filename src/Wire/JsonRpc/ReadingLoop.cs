using System.Net.Sockets;
using System.Text.Json;

namespace Supervisor.Wire.JsonRpc;

/// <summary>Reads one link's messages and hands each to whom it concerns: answers to our calls, cancellations and the rest to the dispatcher.</summary>
internal sealed class ReadingLoop(FrameReader frames, PendingCalls calls, Dispatcher dispatcher, AnswerSender answers, LinkEnd end)
{
    private const string CancelMethod = "$/cancelRequest";

    /// <summary>Returns why the link ended. Throws for nothing that the other end does.</summary>
    public async Task<string> RunAsync()
    {
        try
        {
            while (true)
            {
                if (await HandleAsync(await frames.ReadAsync(end.Token)) is { } reason)
                    return reason;
            }
        }
        catch (OperationCanceledException) when (end.HasCome)
        {
            return end.Reason;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            return $"reading failed ({e.Message})";
        }
    }

    private async Task<string?> HandleAsync(FrameRead read)
    {
        switch (read)
        {
            case FrameRead.Body(var bytes):
                return await HandleAsync(MessageParser.Parse(bytes.Span));
            case FrameRead.Refused(var code, var why):
                return await RefuseAsync(code, why);
            case FrameRead.Closed(var why):
                return why;
            default:
                throw new InvalidOperationException($"No such read: {read}");
        }
    }

    private async Task<string?> HandleAsync(ParsedFrame frame)
    {
        switch (frame)
        {
            case ParsedFrame.Single(var message):
                await RouteAsync(message, batch: null);
                return null;
            case ParsedFrame.Batch(var messages):
                var batch = new AnswerBatch(messages.Count(message => message is RpcMessage.Request or RpcMessage.Invalid));

                foreach (var message in messages)
                    await RouteAsync(message, batch);

                return null;
            case ParsedFrame.Unreadable(var code, var why, var breaksLimit):
                var reason = await RefuseAsync(code, why);
                return breaksLimit ? reason : null;
            default:
                throw new InvalidOperationException($"No such frame: {frame}");
        }
    }

    private async Task<string> RefuseAsync(int code, string why)
    {
        await answers.SendAsync(new Answer.Failure(new RpcId.Null(), code, why), batch: null);
        return $"the other end broke the protocol: {why}";
    }

    private Task RouteAsync(RpcMessage message, AnswerBatch? batch)
    {
        switch (message)
        {
            case RpcMessage.Succeeded(var id, var result):
                calls.Succeed(id, result);
                return Task.CompletedTask;
            case RpcMessage.Failed(var id, var code, var text):
                calls.Fail(id, new RpcException(code, text));
                return Task.CompletedTask;
            case RpcMessage.Notification(CancelMethod, var parameters):
                if (CancelledId(parameters) is { } cancelled)
                    dispatcher.Cancel(cancelled);

                return Task.CompletedTask;
            case RpcMessage.Notification notification:
                return dispatcher.AcceptAsync(notification);
            case RpcMessage.Request request:
                return dispatcher.AcceptAsync(request, batch);
            case RpcMessage.Invalid(var id, var why):
                return answers.SendAsync(new Answer.Failure(id, ErrorCode.InvalidRequest, why), batch);
            default:
                throw new InvalidOperationException($"No such message: {message}");
        }
    }

    /// <summary>null for parameters that name no request: a notification cannot be answered, so it is ignored.</summary>
    private static RpcId? CancelledId(JsonElement? parameters) => parameters switch
    {
        { ValueKind: JsonValueKind.Object } named when named.TryGetProperty("id"u8, out var id) => RpcId.TryRead(id),
        { ValueKind: JsonValueKind.Array } positional when positional.GetArrayLength() == 1 => RpcId.TryRead(positional[0]),
        _ => null,
    };
}
