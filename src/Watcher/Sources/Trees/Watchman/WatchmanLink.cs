using System.Net.Sockets;
using System.Text.Json;

namespace Supervisor.Watcher.Sources.Trees.Watchman;

/// <summary>
/// One connection to a Watchman server, in JSON, one message per line. Responses arrive in request order; subscription messages may arrive between them.
/// One request at a time.
/// </summary>
internal sealed class WatchmanLink : IDisposable
{
    // A longer list of files means only that everything has to be read.
    private const int LongestLine = 8 * 1024 * 1024;

    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RequestDeadline = TimeSpan.FromSeconds(5);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Action<JsonElement> _onChanges;
    private readonly Action _lostTrack;
    private byte[] _received = new byte[16 * 1024];
    private int _length;
    private int _searched;
    private bool _isTooLong;
    private TaskCompletionSource<JsonElement>? _answer;

    private WatchmanLink(Action<JsonElement> onChanges, Action lostTrack) => (_onChanges, _lostTrack) = (onChanges, lostTrack);

    /// <param name="onChanges">Receives the file lists of subscriptions and responses, in the order in which they arrive.</param>
    /// <param name="lostTrack">Called for a message that cannot be parsed.</param>
    public static async Task<WatchmanLink> ConnectAsync(string path, Action<JsonElement> onChanges, Action lostTrack, CancellationToken cancellationToken)
    {
        var link = new WatchmanLink(onChanges, lostTrack);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(ConnectDeadline);

        try
        {
            await link._socket.ConnectAsync(new UnixDomainSocketEndPoint(path), deadline.Token);
            return link;
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException or OperationCanceledException)
        {
            link.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new WatchmanException("no watchman server is running (the watchman command starts one: watchman get-sockname)", exception);
        }
    }

    /// <summary>Asks, and waits for the answer; 5 s at most.</summary>
    /// <exception cref="WatchmanException">No answer, or the answer is an error.</exception>
    public async Task<JsonElement> AskAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(RequestDeadline);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = answer;

        try
        {
            for (var sent = 0; sent < request.Length;)
                sent += await _socket.SendAsync(request[sent..], deadline.Token);

            var message = await answer.Task.WaitAsync(deadline.Token);
            return message.TryGetProperty("error", out var error) ? throw new WatchmanException($"watchman refuses: {error}") : message;
        }
        catch (SocketException exception)
        {
            throw Gone(exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WatchmanException($"watchman did not answer within {RequestDeadline.TotalSeconds:0} s");
        }
    }

    /// <summary>Receives until the server is gone or the token is cancelled.</summary>
    public async Task ReceiveAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                if (_length == _received.Length)
                    Array.Resize(ref _received, _received.Length * 2);

                var length = await _socket.ReceiveAsync(_received.AsMemory(_length), stopping);

                if (length == 0)
                    throw Gone(cause: null);

                _length += length;
                TakeLines();
            }
        }
        catch (SocketException exception)
        {
            throw Gone(exception);
        }
    }

    public void Dispose() => _socket.Dispose();

    private static WatchmanException Gone(Exception? cause) => new("watchman's server has gone", cause);

    private void TakeLines()
    {
        var begin = 0;

        while (_received.AsSpan(_searched, _length - _searched).IndexOf((byte)'\n') is var found and >= 0)
        {
            var end = _searched + found;

            if (!_isTooLong)
                Take(_received.AsMemory(begin, end - begin));

            _isTooLong = false;
            begin = _searched = end + 1;
        }

        _received.AsSpan(begin, _length - begin).CopyTo(_received);
        _length -= begin;

        if (_length > LongestLine)
        {
            _isTooLong = true;
            _lostTrack();
            _length = 0;
        }

        _searched = _length;
    }

    // Changes are processed before the response that carries them completes, so that its caller finds them processed.
    private void Take(JsonElement message)
    {
        var isAnswer = !message.TryGetProperty("subscription", out _);

        if (!isAnswer || message.TryGetProperty("files", out _))
            _onChanges(message);

        if (isAnswer)
            Interlocked.Exchange(ref _answer, null)?.TrySetResult(message.Clone());
    }

    private void Take(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var parsed = JsonDocument.Parse(line);

            if (parsed.RootElement.ValueKind != JsonValueKind.Object)
                _lostTrack();
            else
                Take(parsed.RootElement);
        }
        catch (JsonException)
        {
            // For example a name that is not UTF-8. If it was a response, its caller times out.
            _lostTrack();
        }
    }
}

/// <summary>Watchman is not available (any more). The message is shown to users, after a colon.</summary>
internal sealed class WatchmanException(string message, Exception? cause = null) : Exception(message, cause);
