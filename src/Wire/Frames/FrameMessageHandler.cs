using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Supervisor.Wire.Frames;

/// <summary>
/// StreamJsonRpc's messages in <c>Content-Length</c> frames, within <see cref="FrameLimits"/>. The library's own handler allocates what a header claims,
/// waits for ever and reports no errors to the other end; this one answers wrong messages with an error and ends the link when a limit is exceeded.
/// Owns the stream. Only the library's reading loop reads; writing is thread-safe, one message after the other.
/// </summary>
internal sealed class FrameMessageHandler(Stream stream, IJsonRpcMessageFormatter formatter, TimeProvider time, LinkEnd end) : MessageHandlerBase(formatter)
{
    private const int KeptBufferBytes = 64 * 1024;

    private readonly FrameReader _frames = new(stream, time);
    private readonly bool _isText = formatter is IJsonRpcMessageTextFormatter;

    // Requests of the other end that have no answer yet: each id is used by one of them at a time.
    private readonly ConcurrentDictionary<RequestId, bool> _openRequests = new();

    // Our own requests that have no answer yet: the library ends the link at an answer to anything else.
    private readonly ConcurrentDictionary<RequestId, bool> _ownRequests = new();

    // Full means that too many requests have no answer yet: the next one is not read. Cancellations and answers behind it wait; nothing is dropped.
    private readonly SemaphoreSlim _slots = new(FrameLimits.ConcurrentRequests, FrameLimits.ConcurrentRequests);

    private ArrayBufferWriter<byte> _body = new();

    public override bool CanRead => true;

    public override bool CanWrite => true;

    /// <returns>null: the link has ended.</returns>
    protected override async ValueTask<JsonRpcMessage?> ReadCoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                switch (await _frames.ReadAsync(end.Token))
                {
                    case FrameReadResult.Body(var bytes) when Refusal(bytes) is { } wrong:
                        if (await RefuseAsync(wrong))
                            return null;

                        break;
                    case FrameReadResult.Body(var bytes):
                        if (await AdmitAsync(bytes) is { } message)
                            return message;

                        break;
                    case FrameReadResult.Refused(var code, var why):
                        await RefuseAsync(new EnvelopeError(code, why, Id: null, EndsLink: true));
                        return null;
                    case FrameReadResult.Closed(var why):
                        end.Set(why);
                        return null;
                }
            }
        }
        catch (OperationCanceledException) when (end.HasEnded)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            end.Set($"reading failed ({e.Message})");
            return null;
        }
    }

    /// <summary>Completes when the kernel has the whole message. The token does not end it: half a message would break the framing.</summary>
    protected override async ValueTask WriteCoreAsync(JsonRpcMessage content, CancellationToken cancellationToken)
    {
        // Released before the answer is sent: the caller may reuse the id as soon as it has the answer.
        if (content is IJsonRpcMessageWithId { RequestId: var answered } and not JsonRpcRequest)
            Release(answered);

        if (end.HasEnded)
            throw end.ToException();

        _body.ResetWrittenCount();
        Formatter.Serialize(_body, content);

        if (_body.WrittenCount > FrameLimits.BodyBytes)
            content = Shorten(content, _body.WrittenCount);

        if (content is JsonRpcRequest { IsResponseExpected: true, RequestId: var asked })
            _ownRequests[asked] = true;

        await SendAsync();

        if (_body.Capacity > KeptBufferBytes)
            _body = new ArrayBufferWriter<byte>();
    }

    protected override ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    protected override void DisposeReader() => Close();

    protected override void DisposeWriter() => Close();

    private void Close()
    {
        end.Set("this end closed it");
        stream.Dispose();
    }

    private EnvelopeError? Refusal(ReadOnlyMemory<byte> body) => _isText ? EnvelopeError.Find(body.Span) : null;

    /// <summary>null: the message was refused, or is an answer to no request.</summary>
    private async Task<JsonRpcMessage?> AdmitAsync(ReadOnlyMemory<byte> body)
    {
        JsonRpcMessage message;

        try
        {
            message = Formatter.Deserialize(new ReadOnlySequence<byte>(body));
        }
#pragma warning disable CA1031 // What a formatter throws for bytes that are not a message is not documented; the other end is always the cause.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await RefuseAsync(new EnvelopeError(ErrorCode.InvalidRequest, $"the message cannot be read: {e.Message}", Id: null, EndsLink: false));
            return null;
        }

        if (message is IJsonRpcMessageWithId { RequestId: var answered } and not JsonRpcRequest)
            return _ownRequests.TryRemove(answered, out _) ? message : null;

        if (message is not JsonRpcRequest { IsResponseExpected: true } request)
            return message;

        await _slots.WaitAsync(end.Token);

        if (_openRequests.TryAdd(request.RequestId, true))
            return message;

        _slots.Release();
        await WriteErrorAsync(request.RequestId, ErrorCode.InvalidRequest, "a request with this id has no answer yet");
        return null;
    }

    private void Release(RequestId id)
    {
        if (_openRequests.TryRemove(id, out _))
            _slots.Release();
    }

    /// <summary>true: the link has ended.</summary>
    private async Task<bool> RefuseAsync(EnvelopeError wrong)
    {
        await WriteErrorAsync(ToRequestId(wrong.Id), wrong.Code, wrong.Message);

        if (wrong.EndsLink)
            end.Set($"the other end broke the protocol: {wrong.Message}");

        return wrong.EndsLink;
    }

    private async Task WriteErrorAsync(RequestId id, int code, string message)
    {
        try
        {
            await WriteAsync(Error(id, code, message), CancellationToken.None);
        }
        catch (LinkEndedException)
        {
            // The other end has gone: reading ends, too.
        }
    }

    private JsonRpcError Error(RequestId id, int code, string message)
    {
        var error = ((IJsonRpcMessageFactory)Formatter).CreateErrorMessage();
        error.RequestId = id;
        error.Error = new JsonRpcError.ErrorDetail { Code = (JsonRpcErrorCode)code, Message = message };
        return error;
    }

    private static RequestId ToRequestId(JsonElement? id) => id switch
    {
        { ValueKind: JsonValueKind.Number } number => new RequestId(number.GetInt64()),
        { ValueKind: JsonValueKind.String } text => new RequestId(text.GetString()),
        _ => RequestId.Null,
    };

    /// <summary>Replaces an answer that is too long by an error; throws for other messages, which are the caller's mistake.</summary>
    private JsonRpcError Shorten(JsonRpcMessage content, int bytes)
    {
        var why = $"The message is {bytes} bytes long; the limit is {FrameLimits.BodyBytes}.";

        if (content is not JsonRpcResult { RequestId: var id })
            throw ErrorCode.Error(ErrorCode.InvalidRequest, why);

        var error = Error(id, ErrorCode.InternalError, why);
        _body = new ArrayBufferWriter<byte>();
        Formatter.Serialize(_body, error);
        return error;
    }

    private async Task SendAsync()
    {
        using var deadline = new Deadline(FrameLimits.WriteTime, time, end.Token);
        var header = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {_body.WrittenCount}\r\n\r\n"));
        var frame = ArrayPool<byte>.Shared.Rent(header.Length + _body.WrittenCount);

        try
        {
            // One write per message: the other end wakes up once.
            header.CopyTo(frame, 0);
            _body.WrittenSpan.CopyTo(frame.AsSpan(header.Length));
            await stream.WriteAsync(frame.AsMemory(0, header.Length + _body.WrittenCount), deadline.Token);
            await stream.FlushAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // A part of the message may have been sent, so nothing can follow. If the link has ended meanwhile, that reason came first.
            end.Set($"the other end did not read within {FrameLimits.WriteTime.TotalSeconds} s");
            throw end.ToException();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            end.Set($"writing failed ({e.Message})");
            throw end.ToException(e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }
}
