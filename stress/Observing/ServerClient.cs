using System.Net;
using System.Net.Sockets;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Observing;

/// <summary>
/// Sends requests like a browser's first one: each on its own connection, so that none fails because the server behind a kept-alive one was replaced; and
/// without retries. Thread-safe.
/// </summary>
internal sealed class ServerClient(IRecord record, TimeSpan timeout) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectCallback = ConnectOnceAsync,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Never throws for a failure of the server. Throws <see cref="OperationCanceledException"/> only for the caller's token.</summary>
    public async Task<ServerResponse> GetAsync(Uri address, CancellationToken stopping)
    {
        var sentAt = record.Now;
        var (body, error) = await AskAsync(address, stopping);
        return new ServerResponse(sentAt, record.Now, body, error);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(string? Body, string? Error)> AskAsync(Uri address, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(timeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.ConnectionClose = true;
        try
        {
            using var answer = await _http.SendAsync(request, deadline.Token);
            var body = await answer.Content.ReadAsStringAsync(deadline.Token);
            return answer.StatusCode == HttpStatusCode.OK ? (body, null) : (null, $"answered {(int)answer.StatusCode}");
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return (null, "timed out");
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException)
        {
            return (null, Describe(failed));
        }
    }

    // A server that dies during a request closes the connection. HttpClient then retries by itself, even on a new connection, and the error that a user saw
    // would stay hidden.
    private static async ValueTask<Stream> ConnectOnceAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (!((IDictionary<string, object?>)context.InitialRequestMessage.Options).TryAdd(nameof(ConnectOnceAsync), value: null))
            throw new HttpIOException(HttpRequestError.ResponseEnded);

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Describe(Exception failed)
    {
        for (var cause = failed; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "connection refused";
                case SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown }:
                    return "connection reset";
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    return "closed without an answer";
            }
        }

        return failed.Message;
    }
}

/// <param name="SentAt">On the run's clock, like <paramref name="At"/>.</param>
/// <param name="Body">null: the request failed.</param>
/// <param name="Error">A short reason; null: it did not fail.</param>
internal sealed record ServerResponse(TimeSpan SentAt, TimeSpan At, string? Body, string? Error)
{
    public TimeSpan Took => At - SentAt;
}
