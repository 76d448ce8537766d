using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Supervisor.Wire.Pipes;

/// <summary>
/// Accepts connections whatever happens. Without a free descriptor a waiting client could be neither served nor refused, and the listening
/// socket would stay readable for ever: a descriptor held in reserve is given up for a moment to accept the clients that wait and close them.
/// Not thread-safe: the listener's loop owns it.
/// </summary>
internal sealed class Acceptor(Socket listener) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(75);

    private SafeFileHandle? _reserve = TryReserve();

    /// <summary>null once it has been stopped or the listener is closed.</summary>
    public async Task<Socket?> AcceptAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                return await listener.AcceptAsync(stopping);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException)
            {
                // EMFILE, ENFILE, ENOBUFS, ENOMEM: the machine is short of something. Anything else concerns one connection that is gone already.
                RejectWaiting();
            }

            await PauseAsync(stopping);
        }

        return null;
    }

    public void Dispose() => _reserve?.Dispose();

    private void RejectWaiting()
    {
        _reserve?.Dispose();

        try
        {
            // Only while one waits: this accept would block. Bounded, so that a flood cannot keep us here.
            for (var rejected = 0; rejected < ListeningSocket.Backlog && listener.Poll(0, SelectMode.SelectRead); rejected++)
                listener.Accept().Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Somebody else took the descriptor, or the listener is closed: the next round sees it.
        }

        _reserve = TryReserve();
    }

    // The shortage is the real machine's, so is the time that it is given to pass.
    private static async Task PauseAsync(CancellationToken stopping) =>
        await Task.Delay(Pause, TimeProvider.System, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static SafeFileHandle? TryReserve()
    {
        try
        {
            return File.OpenHandle("/dev/null");
        }
        catch (IOException)
        {
            // None to be had at the moment: the next shortage tries again.
            return null;
        }
    }
}
