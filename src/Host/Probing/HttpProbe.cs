using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Supervisor.Host.Probing;

/// <summary>
/// Ready once a GET over plain HTTP answers with a status below 400. Constraints: <c>HttpClient</c> was measured to cost a native host 3.1 MB of memory and 4 MB of
/// binary for reading one status line, so the request is written here: HTTP/1.1, one connection an attempt, closed after the status line.
/// </summary>
internal sealed class HttpProbe(Uri url) : IProbe
{
    /// <summary>"HTTP/1.1 200" and no more is looked at.</summary>
    private const int StatusLength = 12;

    private const int MostHeard = 1024 * 1024;
    private static readonly TimeSpan HearOutTime = TimeSpan.FromMilliseconds(200);

    public bool MayBeRepeated => true;

    public TimeSpan AttemptTimeout => ProbeRhythm.AttemptTimeout;

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
            await HearOutAsync(stream, cancellationToken);
            return Judge(Encoding.ASCII.GetString(answer, 0, length));
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            return $"{url}: {failure.Message}";
        }
    }

    /// <summary>
    /// Closing a connection with bytes unread resets it, and many dev servers print a stack trace when that happens: the answer is read to its end,
    /// unless that is long in coming.
    /// </summary>
    private static async Task HearOutAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(HearOutTime);
        var rest = new byte[4096];

        try
        {
            for (var heard = 0; heard < MostHeard && await stream.ReadAsync(rest, deadline.Token) is > 0 and var count; heard += count)
            {
                // Of no interest: the status has been read.
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A page that never ends (a stream of events): the status is enough.
        }
    }

    internal string? Judge(string status)
    {
        if (status.Length < StatusLength || !status.StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(status.AsSpan(StatusLength - 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            return $"{url}: the answer is not HTTP";

        return code is >= 100 and < 400 ? null : $"{url}: status {code}";
    }

    private byte[] Request() => Encoding.ASCII.GetBytes(
        $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nUser-Agent: supervisor\r\nAccept: */*\r\nConnection: close\r\n\r\n");
}
