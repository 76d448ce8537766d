using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Supervisor.Wire.Pipes;

/// <summary>
/// A listening pipe for the processes of one user. The process that holds the tree's lock binds; a child that inherits the socket serves. Closing it
/// leaves the path, since other holders of the socket still use it. The last of them calls <see cref="Unlink"/>.
/// </summary>
public sealed class PipeListener : IDisposable
{
    /// <summary>Connections served at the same time; more are accepted, answered with <see cref="AnswerWhenFull"/> and closed.</summary>
    public const int MaxConnections = 256;

    /// <summary>Connections that are answered so at the same time; more are closed without an answer.</summary>
    private const int MaxRejections = 16;

    /// <summary>Time for a rejected client to read the reason and disconnect.</summary>
    private static readonly TimeSpan DisconnectTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock _naming = new();
    private readonly string _path;
    private volatile Socket _socket;
    private PathStat? _bound;
    private bool _unlinked;

    private PipeListener(Socket socket, string path)
    {
        _socket = socket;
        _path = path;
        _bound = path.Length == 0 ? null : PathStat.TryRead(path);
    }

    /// <summary>
    /// Sent on a connection beyond <see cref="MaxConnections"/> before it is closed; a few hundred bytes, which fit into the buffer of a new socket.
    /// </summary>
    public ReadOnlyMemory<byte> AnswerWhenFull { get; init; }

    /// <summary>Called for each connection that is closed instead of served, with the reason. Must not throw or block.</summary>
    public Action<PeerCredentials, string>? Rejected { get; set; }

    /// <summary>Called with an exception of <c>serve</c>, which is a bug of this end. Must not throw or block.</summary>
    public Action<Exception>? ServeFailed { get; set; }

    /// <summary>The listening socket, for passing it to a child.</summary>
    public int Descriptor => (int)_socket.Handle;

    /// <summary>
    /// Binds and listens; the pipe accepts connections from now on. The caller holds the tree's lock, so a socket of our user at the path is stale
    /// and is replaced. Throws <see cref="RuntimeDirectoryException"/> for anything else at the path.
    /// </summary>
    public static PipeListener Bind(string path) => Bind(path, answerWhenFull: default);

    /// <inheritdoc cref="Bind(string)"/>
    public static PipeListener Bind(string path, ReadOnlyMemory<byte> answerWhenFull)
    {
        RuntimeDirectory.RefuseTooLong(path);

        switch (PathStat.TryRead(path))
        {
            case null:
                break;
            case { Kind: PathKind.Socket, Owner: var owner } when owner == PeerCredentials.OwnUid:
                Remove(path);
                break;
            case { Kind: PathKind.Socket, Owner: var owner }:
                throw new RuntimeDirectoryException($"{path}: a socket of user {owner} is in the way; it is not ours to remove.");
            case var other:
                throw new RuntimeDirectoryException($"{path}: {other.Describe()} is in the way where our socket belongs; move it away.");
        }

        return new PipeListener(ListeningSocket.Bind(path), path) { AnswerWhenFull = answerWhenFull };
    }

    /// <summary>Takes over the listening socket that the spawner passed as this descriptor. Throws <see cref="IOException"/>.</summary>
    public static PipeListener FromInherited(int descriptor)
    {
        var socket = ListeningSocket.Adopt(descriptor);
        return new PipeListener(socket, socket.LocalEndPoint?.ToString() ?? "");
    }

    /// <summary>
    /// Binds anew where nothing is at the path any more, with the folders that lack; earlier connections stay. For the only owner of the pipe: the process
    /// that holds the tree's lock, or the child that serves. true: it was necessary.
    /// </summary>
    /// <exception cref="RuntimeDirectoryException">The path cannot be made.</exception>
    public bool Restore()
    {
        lock (_naming)
        {
            if (_unlinked || _path.Length == 0 || PathStat.TryRead(_path) is not null)
                return false;

            PrivateDirectory.EnsurePrivate(Path.GetDirectoryName(_path)!);
            var nameless = _socket;
            _socket = ListeningSocket.Bind(_path);
            _bound = PathStat.TryRead(_path);
            nameless.Dispose();
            return true;
        }
    }

    /// <summary>
    /// Serves every connection of our own user until stopped; returns when the connections it serves have ended. Runs once at a time.
    /// </summary>
    /// <param name="serve">Runs once per connection; the stream is disposed after it. An exception ends only that connection.</param>
    public async Task RunAsync(Func<Stream, PeerCredentials, CancellationToken, Task> serve, CancellationToken stopping)
    {
        // Both are bounded: their limits are checked before anything is added.
        var serving = new HashSet<Task>();
        var rejected = new HashSet<Task>();

        await foreach (var connection in AcceptAllAsync(stopping))
        {
            serving.RemoveWhere(task => task.IsCompleted);
            rejected.RemoveWhere(task => task.IsCompleted);

            switch (Admit(connection, serving.Count))
            {
                case (Admission.Served, { } peer):
                    serving.Add(ServeAsync(connection, peer, serve, stopping));
                    break;
                case (Admission.Full, _) when rejected.Count < MaxRejections && !AnswerWhenFull.IsEmpty:
                    rejected.Add(RejectAsync(connection, stopping));
                    break;
                default:
                    connection.Dispose();
                    break;
            }
        }

        await Task.WhenAll(serving.Concat(rejected));
    }

    /// <summary>Removes the path for good, if it is still this socket's.</summary>
    public void Unlink()
    {
        lock (_naming)
        {
            _unlinked = true;

            if (_bound is not null && PathStat.TryRead(_path) is { } now && now.IsSameFile(_bound))
                File.Delete(_path);
        }
    }

    public void Dispose() => _socket.Dispose();

    private async IAsyncEnumerable<Socket> AcceptAllAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        Socket listening;

        do
        {
            listening = _socket;
            using var acceptor = new Acceptor(listening);

            while (await acceptor.AcceptAsync(stopping) is { } connection)
                yield return connection;
        }
        while (listening != _socket); // It was closed because it had lost its name, and there is a new one.
    }

    private static void Remove(string staleSocket)
    {
        try
        {
            File.Delete(staleSocket);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RuntimeDirectoryException($"{staleSocket}: the stale socket there cannot be removed: {e.Message}", e);
        }
    }

    private (Admission, PeerCredentials?) Admit(Socket connection, int served)
    {
        PeerCredentials peer;

        try
        {
            peer = PeerCredentials.Of(connection);
        }
        catch (SocketException)
        {
            // The client disconnected before its credentials were read.
            return (Admission.Refused, null);
        }

        // The directory's mode keeps other users out; this check works even if the mode was changed.
        if (peer.Uid != PeerCredentials.OwnUid)
        {
            Rejected?.Invoke(peer, $"user {peer.Uid} may not use a pipe of user {PeerCredentials.OwnUid}");
            return (Admission.Refused, peer);
        }

        if (served < MaxConnections)
            return (Admission.Served, peer);

        Rejected?.Invoke(peer, $"{MaxConnections} connections are being served");
        return (Admission.Full, peer);
    }

    /// <summary>
    /// Waits for the client to disconnect: for a client that has not sent its request yet, a closed socket is an error, and it would never read the
    /// answer.
    /// </summary>
    private async Task RejectAsync(Socket connection, CancellationToken stopping)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(DisconnectTimeout);

        try
        {
            await stream.WriteAsync(AnswerWhenFull, deadline.Token);
            connection.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(Stream.Null, deadline.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client has disconnected, or the time is over.
        }
    }

    private async Task ServeAsync(
        Socket connection, PeerCredentials peer, Func<Stream, PeerCredentials, CancellationToken, Task> serve, CancellationToken stopping)
    {
        // The accept loop must not wait for what serve does before its first await.
        await Task.Yield();
        await using var stream = new NetworkStream(connection, ownsSocket: true);

        try
        {
            await serve(stream, peer, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The listener was stopped.
        }
        catch (Exception e) when (Report(e))
        {
            // The failure is reported and affects only this connection.
        }
    }

    private bool Report(Exception exception)
    {
        ServeFailed?.Invoke(exception);
        return true;
    }

    private enum Admission
    {
        Served,
        Refused,
        Full,
    }
}
