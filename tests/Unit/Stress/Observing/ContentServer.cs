using System.Net;
using System.Net.Sockets;
using System.Text;
using Supervisor.Stress.Project;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Stress;

/// <summary>A real server with the project's protocol and its own folder: it serves what it has read, and reads on request.</summary>
internal sealed class ContentServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly TcpListener _listener;
    private readonly Task _serving;
    private volatile SourceManifest _served;

    public ContentServer(string name)
    {
        Service = new ProjectService(
            name, Flavour.Puppet, Directory.CreateTempSubdirectory("served-site-").FullName, Extension: ".txt", TestTree.FreePort(), ReloadsInPlace: false,
            Untouched: false, CapBytes: null);
        _served = OnDisk();
        _listener = new TcpListener(IPAddress.Loopback, Service.Port);
        _listener.Start();
        _serving = ServeAsync();
    }

    public ProjectService Service { get; }

    public void Save(string file, string content)
    {
        var path = Path.Combine(Service.Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    public void Read() => _served = OnDisk();

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _serving;
        _closing.Dispose();
        Directory.Delete(Service.Folder, recursive: true);
    }

    private SourceManifest OnDisk() => SourceManifest.Read(Service.Folder, Service.Extension);

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, leaveOpen: true);
                var first = await reader.ReadLineAsync(_closing.Token) ?? "";
                while (await reader.ReadLineAsync(_closing.Token) is { Length: > 0 })
                {
                }

                var served = _served;
                var body = first.StartsWith("GET /manifest ", StringComparison.Ordinal) ? served.Text : $"pid 1\ndigest {served.Digest}\n";
                await stream.WriteAsync(
                    Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), _closing.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
