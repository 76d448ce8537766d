using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Supervisor.Wire.Pipes;

/// <summary>
/// Accepts connections even without free descriptors. Otherwise a waiting client could be neither served nor refused, and the listening socket would
/// stay readable for ever: a reserved descriptor is closed for a moment to accept the waiting clients and close them. Not thread-safe: the listener's
/// loop owns it.
/// </summary>
internal sealed class Acceptor(Socket listener) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(75);

    private SafeFileHandle? _reserve = TryReserve();

    /// <summary>null: stopped, or the listener is closed.</summary>
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
                // EMFILE, ENFILE, ENOBUFS, ENOMEM: the machine lacks a resource. Anything else concerns one connection that has already ended.
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
            // Only while a client waits, since this accept would block. Bounded, so that a flood of clients does not keep the loop here.
            for (var rejected = 0; rejected < ListeningSocket.Backlog && listener.Poll(0, SelectMode.SelectRead); rejected++)
                listener.Accept().Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Another thread took the descriptor, or the listener is closed: the next iteration finds out.
        }

        _reserve = TryReserve();
    }

    // Real time, not virtual: the shortage is one of the real machine.
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
            // No descriptor is free now: the next shortage tries again.
            return null;
        }
    }
}
