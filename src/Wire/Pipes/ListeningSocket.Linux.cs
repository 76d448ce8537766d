using Supervisor.Client.Interop;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Supervisor.Wire.Pipes;

/// <summary>
/// Creates listening sockets that .NET has not bound itself: a <see cref="Socket"/> that binds deletes the path when it is disposed, although a child
/// has inherited the socket and still needs its address.
/// </summary>
internal static class ListeningSocket
{
    /// <summary>Number of clients that may wait while the process is stopped or busy; the kernel caps it at net.core.somaxconn.</summary>
    public const int Backlog = 512;

    private const uint OnlyMe = 0x3F; // 077

    // The umask is process-wide: two concurrent binds would restore each other's value.
    private static readonly Lock UmaskLock = new();

    /// <summary>Throws <see cref="RuntimeDirectoryException"/>.</summary>
    public static Socket Bind(string path)
    {
        var descriptor = LibC.socket(LibC.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_CLOEXEC, 0);
        var errno = Marshal.GetLastPInvokeError();

        if (descriptor < 0)
            throw Failed(path, "no socket available", errno);

        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);

        try
        {
            BindTo(descriptor, path);
            return new Socket(handle);
        }
        catch (Exception)
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Throws <see cref="IOException"/>.</summary>
    public static Socket Adopt(int descriptor)
    {
        // Inherited descriptors are not close-on-exec, and started servers must not keep the pipe open.
        if (LibC.fcntl(descriptor, LibC.F_SETFD, LibC.FD_CLOEXEC) < 0)
            throw new IOException($"Descriptor {descriptor} was not inherited: the spawner passes a listening socket there.");

        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);

        try
        {
            return new Socket(handle);
        }
        catch (SocketException e)
        {
            handle.Dispose();
            throw new IOException($"Descriptor {descriptor} is not a listening socket: {e.Message}", e);
        }
    }

    private static unsafe void BindTo(int descriptor, string path)
    {
        var address = new UnixDomainSocketEndPoint(path).Serialize();
        int result;
        int errno;

        lock (UmaskLock)
        {
            var before = LibC.umask(OnlyMe);

            fixed (byte* bytes = address.Buffer.Span)
                result = LibC.bind(descriptor, bytes, address.Size);

            errno = Marshal.GetLastPInvokeError();
            _ = LibC.umask(before);
        }

        if (result < 0)
            throw Failed(path, "cannot be bound", errno);

        result = LibC.listen(descriptor, Backlog);
        errno = Marshal.GetLastPInvokeError();

        if (result < 0)
            throw Failed(path, "cannot be listened on", errno);
    }

    private static RuntimeDirectoryException Failed(string path, string what, int errno) =>
        new($"{path}: {what}: {new Win32Exception(errno).Message}.");
}
