using System.Net.Sockets;
using System.Text;

namespace Supervisor.Client;

/// <summary>Connects to a pipe of our own user, never longer than its deadline. The stream belongs to the caller.</summary>
public static class PipeClient
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Throws <see cref="PipeUnavailableException"/>. A pipe accepts connections before its name is known to others, so only a full backlog is waited
    /// for.
    /// </summary>
    public static async Task<Stream> ConnectAsync(string path, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(path) > RuntimeDirectory.MaxPathBytes)
            throw new PipeUnavailableException(PipeUnavailable.NotThere, $"{path}: the path of a pipe has at most {RuntimeDirectory.MaxPathBytes} bytes.");

        using var limit = new Deadline(deadline, time, cancellationToken);

        try
        {
            while (true)
            {
                if (await TryConnectAsync(path, limit.Token) is { } stream)
                    return stream;

                await Task.Delay(RetryPause, time, limit.Token);
            }
        }
        catch (OperationCanceledException) when (limit.HasPassed && !cancellationToken.IsCancellationRequested)
        {
            throw new PipeUnavailableException(
                PipeUnavailable.NotAnswering, $"{path}: the process that listens there accepted no connection for {deadline.TotalSeconds} s; it is stopped or hung.");
        }
    }

    /// <summary>null: the backlog is full. Linux reports that at once instead of waiting.</summary>
    private static async Task<Stream?> TryConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            RefuseForeign(path, PeerCredentials.Of(socket));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock)
        {
            socket.Dispose();
            return null;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Unavailable(path, e);
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The listener must belong to this user, because requests to it start programs.</summary>
    private static void RefuseForeign(string path, PeerCredentials listener)
    {
        if (listener.Uid != PeerCredentials.OwnUid)
            throw new PipeUnavailableException(PipeUnavailable.Refused, $"{path}: user {listener.Uid} listens there, not user {PeerCredentials.OwnUid}.");
    }

    private static PipeUnavailableException Unavailable(string path, SocketException e)
    {
        // .NET reports ENOENT as "cannot assign requested address" and has no name for ENOTDIR: a check of the path tells more.
        if (!File.Exists(path))
            return new PipeUnavailableException(PipeUnavailable.NotThere, $"{path}: there is no such pipe.", e);

        return e.SocketErrorCode is SocketError.AccessDenied
            ? new PipeUnavailableException(PipeUnavailable.Refused, $"{path}: this user may not connect.", e)
            : new PipeUnavailableException(PipeUnavailable.Refused, $"{path}: no process listens there ({e.Message}).", e);
    }
}
