using System.Net.Sockets;
using System.Text;

namespace Supervisor.Unit.Wire;

/// <summary>Two connected sockets, which behave as the two ends of a pipe.</summary>
internal sealed class SocketPair : IDisposable
{
    private SocketPair(NetworkStream here, NetworkStream there)
    {
        Here = here;
        There = there;
    }

    public NetworkStream Here { get; }

    public NetworkStream There { get; }

    public static SocketPair Create()
    {
        using var directory = new TemporaryDirectory();
        var endPoint = new UnixDomainSocketEndPoint(directory.File("pair"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(endPoint);
        listener.Listen();
        var here = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        here.Connect(endPoint);
        return new SocketPair(new NetworkStream(here, ownsSocket: true), new NetworkStream(listener.Accept(), ownsSocket: true));
    }

    public void Dispose()
    {
        Here.Dispose();
        There.Dispose();
    }
}

/// <summary>A temporary directory for one test. Its path is short, because the path of a socket is limited.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sv-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>The other end of a link: sends raw frames and receives bodies.</summary>
internal sealed class RawPeer(Stream stream)
{
    public Task SendAsync(string body) => SendBytesAsync(Frame(body));

    public async Task SendBytesAsync(byte[] bytes) => await stream.WriteAsync(bytes);

    public static byte[] Frame(string body) => Frame(Encoding.UTF8.GetBytes(body));

    public static byte[] Frame(byte[] body) => [.. Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n"), .. body];

    /// <summary>The body of the next message; null: the end.</summary>
    public async Task<string?> ReceiveAsync()
    {
        var header = new List<byte>();
        var one = new byte[1];

        while (!header.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one) == 0)
                return null;

            header.Add(one[0]);
        }

        var length = int.Parse(Encoding.ASCII.GetString([.. header]).Trim().Split(": ")[1]);
        var body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return Encoding.UTF8.GetString(body);
    }
}
