using System.Net.Sockets;
using System.Text;

namespace Supervisor.Client;

/// <summary>Connects to a pipe of our own user, never longer than its deadline. The stream belongs to the caller.</summary>
public static class PipeClient
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Throws <see cref="PipeUnavailableException"/>. A pipe is connectable before its name is told, so only a full backlog is waited for.</summary>
    public static async Task<Stream> ConnectAsync(string path, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(path) > RuntimeDirectory.MaxPathBytes)
            throw new PipeUnavailableException(PipeUnavailable.NotThere, $"{path}: no pipe of ours has a path longer than {RuntimeDirectory.MaxPathBytes} bytes.");

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
                PipeUnavailable.NotAnswering, $"{path}: somebody listens there but accepted nothing for {deadline.TotalSeconds} s: stopped or hung.");
        }
    }

    /// <summary>null: the backlog is full. Linux says so at once instead of waiting.</summary>
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

    /// <summary>Whoever listens for us must be us: what we would tell it starts programs.</summary>
    private static void RefuseForeign(string path, PeerCredentials listener)
    {
        if (listener.Uid != PeerCredentials.OwnUid)
            throw new PipeUnavailableException(PipeUnavailable.Refused, $"{path}: user {listener.Uid} listens there, not user {PeerCredentials.OwnUid}.");
    }

    private static PipeUnavailableException Unavailable(string path, SocketException e)
    {
        // .NET reports ENOENT as "cannot assign requested address" and has no name for ENOTDIR: looking tells more.
        if (!File.Exists(path))
            return new PipeUnavailableException(PipeUnavailable.NotThere, $"{path}: there is no such pipe.", e);

        return e.SocketErrorCode is SocketError.AccessDenied
            ? new PipeUnavailableException(PipeUnavailable.Refused, $"{path}: this user may not connect.", e)
            : new PipeUnavailableException(PipeUnavailable.Refused, $"{path}: nobody listens there ({e.Message}).", e);
    }
}
