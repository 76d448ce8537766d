using System.Net.Sockets;
using System.Text;
using Supervisor.Processes;

namespace Supervisor.Host.Probing;

/// <summary>
/// The socket on which one server tells of itself as with sd_notify(3). Each run has its own: what an earlier server has sent is gone with it. Only this
/// user's processes can reach it, and only the server's know it; which of them has sent a message is not checked. Thread-safe.
/// </summary>
internal sealed class NotifySocket : IProbe, IAsyncDisposable
{
    public const string Variable = "NOTIFY_SOCKET";

    // systemd takes as much; the rest of a longer message is lost.
    private const int MaxMessageBytes = 4096;

    private readonly Socket _socket;
    private readonly string _path;
    private readonly Func<string, Task> _onStatus;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _receiving;

    private NotifySocket(Socket socket, string path, Func<string, Task> onStatus)
    {
        _socket = socket;
        _path = path;
        _onStatus = onStatus;
        _receiving = Task.Run(ReceiveAsync);
    }

    /// <param name="path">A socket that an earlier host has left there is replaced.</param>
    /// <param name="onStatus">Gets each status that the server tells; empty: it takes it back.</param>
    /// <exception cref="SpawnException">There is no room for it, or no descriptor.</exception>
    public static NotifySocket Bind(string path, Func<string, Task> onStatus)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

        try
        {
            File.Delete(path);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            return new NotifySocket(socket, path, onStatus);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            socket.Dispose();
            throw new SpawnException(SpawnFailure.Transient, $"{path}: {failure.Message}");
        }
    }

    public string WaitsFor => $"it has not sent READY=1 to {Variable}";

    public TimeSpan AttemptTimeout => Timeout.InfiniteTimeSpan;

    public async Task<string?> AttemptAsync(CancellationToken cancellationToken)
    {
        await _ready.Task.WaitAsync(cancellationToken);
        return null;
    }

    public ServiceSpec For(ServiceSpec spec) =>
        spec with { Environment = new Dictionary<string, string>(spec.Environment, StringComparer.Ordinal) { [Variable] = _path } };

    /// <summary>Returns when no status is told any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _receiving;
        File.Delete(_path);
    }

    private async Task ReceiveAsync()
    {
        var message = new byte[MaxMessageBytes];

        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(message, SocketFlags.None);
                var told = NotifyMessage.Parse(Encoding.UTF8.GetString(message, 0, length));

                if (told.Status is { } status)
                    await _onStatus(status);

                if (told.IsReady)
                    _ready.TrySetResult();
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The server is gone.
        }
    }
}
