using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Supervisor.Puppet;

/// <summary>HTTP/1.1 as small as it goes: one request without a body, one answer.</summary>
internal static class WebServer
{
    private const int RequestLimit = 16 * 1024;

    public static async Task RunAsync(PuppetOptions options, CancellationToken stopping)
    {
        if (options.Port is not { } port)
            return;

        await using var served = new ServedHealth(ServedBy(options, stopping), options);
        try
        {
            await Task.Delay(options.ReadyAfter, TimeProvider.System, stopping);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"listening on {((IPEndPoint)listener.LocalEndpoint).Port}"));
            await ServeAsync(listener, served, stopping);
        }
        catch (OperationCanceledException)
        {
            // The puppet ends.
        }
    }

    private static async Task ServeAsync(TcpListener listener, IServed served, CancellationToken stopping)
    {
        var open = new List<Task>();
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(stopping);
            open.RemoveAll(done => done.IsCompleted);
            open.Add(ServeAsync(client, served, stopping));
        }
    }

    private static async Task ServeAsync(TcpClient client, IServed served, CancellationToken stopping)
    {
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            var request = new byte[RequestLimit];
            var length = 0;
            while (length < request.Length && request.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
            {
                var read = await stream.ReadAsync(request.AsMemory(length), stopping);
                if (read == 0)
                    return;
                length += read;
            }

            var answer = served.Answer(FirstLine(request.AsSpan(0, length)));
            await stream.WriteAsync(Bytes(answer), stopping);
            answer.Then();
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // The client went away, or the puppet ends.
        }
    }

    /// <summary>Read at the start: what is served is what was there when this process began.</summary>
    private static IServed ServedBy(PuppetOptions options, CancellationToken stopping) => options switch
    {
        { Serve: { } folder, Sources: { } extension } => new ServedSources(folder, extension, options.ReloadOnHup, stopping),
        { Serve: { } folder } => new ServedText(ServedContent.Read(folder)),
        _ => new ServedText(""),
    };

    private static string FirstLine(ReadOnlySpan<byte> request)
    {
        var end = request.IndexOf("\r\n"u8);
        return Encoding.ASCII.GetString(end < 0 ? request : request[..end]);
    }

    private static byte[] Bytes(Answer answer)
    {
        var body = Encoding.UTF8.GetBytes(answer.Body);
        var about = body.Length == 0 ? "" : $"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\n";
        return [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {answer.Status}\r\n{about}Connection: close\r\n\r\n"), .. body];
    }
}
