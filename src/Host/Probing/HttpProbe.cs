using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Supervisor.Host.Probing;

/// <summary>
/// Succeeds if a GET over plain HTTP answers with a status below 400. Constraints: <c>HttpClient</c> costs a native host 3.1 MB of memory and 4 MB of
/// binary (measured) to read one status line, so this class writes the request itself: HTTP/1.1, one connection per attempt, closed after the status line.
/// </summary>
internal sealed class HttpProbe(Uri url) : IProbe
{
    /// <summary>The length of "HTTP/1.1 200"; the rest of the line is ignored.</summary>
    private const int StatusLength = 12;

    private const int MaxDrainedBytes = 1024 * 1024;
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromMilliseconds(200);

    public TimeSpan AttemptTimeout => ProbeInterval.AttemptTimeout;

    public async Task<string?> AttemptAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(url.IdnHost, url.Port, cancellationToken);

            await using var stream = new NetworkStream(socket, ownsSocket: false);
            await stream.WriteAsync(Request(), cancellationToken);

            var answer = new byte[StatusLength];
            var length = await stream.ReadAtLeastAsync(answer, StatusLength, throwOnEndOfStream: false, cancellationToken);
            await DrainAsync(stream, cancellationToken);
            return Evaluate(Encoding.ASCII.GetString(answer, 0, length));
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            return $"{url}: {failure.Message}";
        }
    }

    /// <summary>
    /// Closing a connection with unread bytes resets it, and many dev servers then print a stack trace. So the response is read to its end, within limits.
    /// </summary>
    private static async Task DrainAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(DrainTimeout);
        var rest = new byte[4096];

        try
        {
            for (var drained = 0; drained < MaxDrainedBytes && await stream.ReadAsync(rest, deadline.Token) is > 0 and var count; drained += count)
            {
                // The content does not matter: the status is known.
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The response does not end (an event stream): the status is enough.
        }
    }

    internal string? Evaluate(string status)
    {
        if (status.Length < StatusLength || !status.StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(status.AsSpan(StatusLength - 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            return $"{url}: the answer is not HTTP";

        return code is >= 100 and < 400 ? null : $"{url}: status {code}";
    }

    private byte[] Request() => Encoding.ASCII.GetBytes(
        $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nUser-Agent: supervisor\r\nAccept: */*\r\nConnection: close\r\n\r\n");
}
