using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Supervisor.Host.Probing;

/// <summary>
/// Succeeds if a GET over plain HTTP answers with an expected status. Constraints: <c>HttpClient</c> costs a native host 3.1 MB of memory and 4 MB of
/// binary (measured) to read one status line, so this class writes the request itself: HTTP/1.1, one connection per attempt, closed after the status line.
/// </summary>
/// <param name="statuses">null: 100 to 399.</param>
/// <param name="headers">null: ours only.</param>
internal sealed class HttpProbe(Uri url, IReadOnlyList<StatusRange>? statuses = null, IReadOnlyDictionary<string, string>? headers = null) : IProbe
{
    /// <summary>The length of "HTTP/1.1 200"; the rest of the line is ignored.</summary>
    private const int StatusLength = 12;

    private const int MaxDrainedBytes = 1024 * 1024;
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromMilliseconds(200);

    public TimeSpan AttemptTimeout => ProbeInterval.AttemptTimeout;

    public async Task<string?> AttemptAsync(CancellationToken cancellationToken) =>
        await ProbeAddresses.AskEachAsync(url.IdnHost, url.Port, AskAsync, cancellationToken) is { } failure ? $"{url}: {failure}" : null;

    private async Task<string?> AskAsync(Socket socket, CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        await stream.WriteAsync(Request(), cancellationToken);

        var answer = new byte[StatusLength];
        var length = await stream.ReadAtLeastAsync(answer, StatusLength, throwOnEndOfStream: false, cancellationToken);
        await DrainAsync(stream, cancellationToken);
        return Evaluate(Encoding.ASCII.GetString(answer, 0, length));
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
            return "the answer is not HTTP";

        return IsExpected(code) ? null : $"status {code}{(statuses is null && code is >= 400 and < 500 ? " (\"status\" names those that are accepted)" : "")}";
    }

    private bool IsExpected(int code) => statuses is null ? code is >= 100 and < 400 : statuses.Any(range => code >= range.First && code <= range.Last);

    private byte[] Request()
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Host"] = url.Authority, ["User-Agent"] = "supervisor", ["Accept"] = "*/*" };

        foreach (var (name, value) in headers ?? new Dictionary<string, string>(StringComparer.Ordinal))
            all[name] = value;

        return Encoding.UTF8.GetBytes(
            $"GET {url.PathAndQuery} HTTP/1.1\r\n{string.Concat(all.Select(header => $"{header.Key}: {header.Value}\r\n"))}Connection: close\r\n\r\n");
    }
}
