using System.Globalization;
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

    /// <summary>Tells the server the interval in microseconds, as sd_watchdog_enabled(3) reads it.</summary>
    private const string WatchdogVariable = "WATCHDOG_USEC";

    // systemd takes as much; the rest of a longer message is lost.
    private const int MaxMessageBytes = 4096;

    private readonly Socket _socket;
    private readonly string _path;
    private readonly Func<string, Task> _onStatus;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _receiving;
    private int _signsOfLife;

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

    /// <summary>Ready or healthy by what the server says.</summary>
    public static bool IsWanted(ServiceSpec spec) => spec.Ready?.Each().OfType<ReadySpec.Notify>().Any() == true || IsWatchdog(spec);

    /// <summary>Succeeds if the server has given a sign of life since the last attempt.</summary>
    public IProbe Watchdog => new WatchdogProbe(this);

    public string WaitsFor => $"it has not sent READY=1 to {Variable}";

    public bool HasCome => _ready.Task.IsCompleted;

    public TimeSpan AttemptTimeout => Timeout.InfiniteTimeSpan;

    public async Task<string?> AttemptAsync(CancellationToken cancellationToken)
    {
        await _ready.Task.WaitAsync(cancellationToken);
        return null;
    }

    public ServiceSpec For(ServiceSpec spec)
    {
        var environment = new Dictionary<string, string>(spec.Environment, StringComparer.Ordinal) { [Variable] = _path };

        if (IsWatchdog(spec))
            environment[WatchdogVariable] = ((long)spec.Health!.Interval.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);

        return spec with { Environment = environment };
    }

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

                if (told.IsAlive)
                    Interlocked.Increment(ref _signsOfLife);

                if (told.IsReady)
                    _ready.TrySetResult();
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The server is gone.
        }
    }

    private static bool IsWatchdog(ServiceSpec spec) => spec.Health?.Probe is ReadySpec.Notify;

    private sealed class WatchdogProbe(NotifySocket socket) : IProbe
    {
        public TimeSpan AttemptTimeout => Timeout.InfiniteTimeSpan;

        public Task<string?> AttemptAsync(CancellationToken cancellationToken) =>
            Task.FromResult(Interlocked.Exchange(ref socket._signsOfLife, 0) > 0 ? null : $"it has not sent WATCHDOG=1 to {Variable} since the last check");
    }
}
