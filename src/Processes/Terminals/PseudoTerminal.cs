using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>
/// A terminal whose window is this process: what the programs in it print can be read from <see cref="Master"/>, and what is written there is typed. No child inherits
/// that end. Its disposal hangs the terminal up: the programs in it get SIGHUP. Reads end with EIO once no program has the terminal any more. Thread-safe.
/// </summary>
public sealed unsafe class PseudoTerminal : IDisposable
{
    private PseudoTerminal(SafeFileHandle master, string path) => (Master, Path) = (master, path);

    /// <summary>Non-blocking.</summary>
    public SafeFileHandle Master { get; }

    /// <summary>What a program opens to be in this terminal.</summary>
    public string Path { get; }

    /// <exception cref="SpawnException">The system has no terminal left.</exception>
    public static PseudoTerminal Open(WindowSize size)
    {
        var descriptor = LibC.posix_openpt(LibC.O_RDWR | LibC.O_NOCTTY | LibC.O_CLOEXEC | LibC.O_NONBLOCK);
        if (descriptor < 0)
            throw Failure(Marshal.GetLastPInvokeError());

        var master = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            Check(LibC.grantpt(master));
            Check(LibC.unlockpt(master));
            var terminal = new PseudoTerminal(master, PathOf(master));
            terminal.SetModes();
            terminal.Resize(size);
            return terminal;
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }

    /// <summary>The programs in it get SIGWINCH if this is a change.</summary>
    public void Resize(WindowSize size)
    {
        var window = new LibC.WindowSize { Columns = size.Columns, Rows = size.Rows };

        // Fails only for a closed descriptor, which nobody can see.
        _ = LibC.ioctl(Master, LibC.TIOCSWINSZ, &window);
    }

    /// <summary>Types as many of these bytes as the terminal takes now. A program that reads nothing lets it take none.</summary>
    /// <returns>null: there is no terminal any more.</returns>
    public int? Type(ReadOnlySpan<byte> keys)
    {
        try
        {
            fixed (byte* start = keys)
            {
                var count = LibC.write(Master, start, (nuint)keys.Length);
                if (count >= 0)
                    return (int)count;

                return Marshal.GetLastPInvokeError() is LibC.EAGAIN or LibC.EINTR ? 0 : null;
            }
        }
        catch (ObjectDisposedException)
        {
            // Its server has ended while somebody typed.
            return null;
        }
    }

    public void Dispose() => Master.Dispose();

    // A typed Ctrl-S would stop the output, and with it the server, also after whoever typed it has left. Terminals of today read UTF-8.
    private void SetModes()
    {
        var attributes = stackalloc byte[LibC.TermiosSize];
        Check(LibC.tcgetattr(Master, attributes));
        var input = (uint*)attributes;
        *input = (*input & ~LibC.IXON) | LibC.IUTF8;
        Check(LibC.tcsetattr(Master, LibC.TCSANOW, attributes));
    }

    private static string PathOf(SafeFileHandle master)
    {
        var path = stackalloc byte[LibC.TerminalPathSize];
        var errno = LibC.ptsname_r(master, path, LibC.TerminalPathSize);
        return errno == 0 ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(path)) : throw Failure(errno);
    }

    private static void Check(int result)
    {
        var errno = Marshal.GetLastPInvokeError();
        if (result != 0)
            throw Failure(errno);
    }

    // ENOSPC: all of /proc/sys/kernel/pty/max are in use.
    private static SpawnException Failure(int errno) =>
        new(SpawnErrors.IsTransient(errno) || errno == LibC.ENOSPC ? SpawnFailure.Transient : SpawnFailure.Other,
            $"No terminal can be opened for the server: {new Win32Exception(errno).Message}.");
}
