using System.Net.Sockets;
using System.Text;

namespace Supervisor.Puppet;

/// <summary>Speaks the protocol of sd_notify(3): each content of a file is one message.</summary>
internal static class Notifier
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <param name="file">null: nothing is sent.</param>
    public static async Task RunAsync(string? file, CancellationToken stopping)
    {
        if (file is null)
            return;

        var address = Environment.GetEnvironmentVariable("NOTIFY_SOCKET") ?? throw new FormatException("NOTIFY_SOCKET is not set.");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        using var timer = new PeriodicTimer(Tick);

        try
        {
            for (var sent = ""; await timer.WaitForNextTickAsync(stopping);)
            {
                if (!File.Exists(file) || await File.ReadAllTextAsync(file, stopping) is not { Length: > 0 } text || text == sent)
                    continue;

                await socket.SendToAsync(Encoding.UTF8.GetBytes(text), new UnixDomainSocketEndPoint(address), stopping);
                sent = text;
            }
        }
        catch (OperationCanceledException)
        {
            // The puppet ends.
        }
    }
}
