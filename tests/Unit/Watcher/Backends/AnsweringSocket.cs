using System.Net.Sockets;
using System.Text;

namespace Supervisor.Unit.Watcher.Backends;

/// <summary>A socket that answers every line with the same one, as a server of another kind or age might.</summary>
internal sealed class AnsweringSocket : IAsyncDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("supervisor-answering-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    public AnsweringSocket(string answer)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _serving = ServeAsync(Encoding.UTF8.GetBytes(answer + "\n"), _stopping.Token);
    }

    public string Path => System.IO.Path.Combine(_home.FullName, "sock");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stopping.Dispose();
        _home.Delete(recursive: true);
    }

    // One guest after the other: there is only the watcher.
    private async Task ServeAsync(byte[] answer, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                using var guest = await _listener.AcceptAsync(stopping);
                var request = new byte[4096];

                while (await guest.ReceiveAsync(request, stopping) > 0)
                    await guest.SendAsync(answer, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
