using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Supervisor.Puppet;

/// <summary>HTTP/1.1 as small as it goes: any request is answered with the served file's content and our pid.</summary>
internal static class WebServer
{
    private const int RequestLimit = 16 * 1024;

    public static async Task RunAsync(PuppetOptions options, CancellationToken stopping)
    {
        if (options.Port is not { } port)
            return;

        // Read at the start: what is served is what was there when this process began.
        var content = options.Serve is null ? "" : ServedContent.Read(options.Serve);
        var answer = Answer(string.Create(CultureInfo.InvariantCulture, $"{content}pid {Environment.ProcessId}\n"));
        try
        {
            await Task.Delay(options.ReadyAfter, TimeProvider.System, stopping);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"listening on {((IPEndPoint)listener.LocalEndpoint).Port}"));
            await ServeAsync(listener, answer, stopping);
        }
        catch (OperationCanceledException)
        {
            // The puppet ends.
        }
    }

    private static async Task ServeAsync(TcpListener listener, byte[] answer, CancellationToken stopping)
    {
        var open = new List<Task>();
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(stopping);
            open.RemoveAll(served => served.IsCompleted);
            open.Add(ServeAsync(client, answer, stopping));
        }
    }

    private static async Task ServeAsync(TcpClient client, byte[] answer, CancellationToken stopping)
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

            await stream.WriteAsync(answer, stopping);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // The client went away, or the puppet ends.
        }
    }

    private static byte[] Answer(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = $"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. bytes];
    }
}
