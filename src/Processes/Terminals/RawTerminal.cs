using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>
/// The terminal at this process's standard input, passing every key on as it is typed: none is shown, collected to a line or turned into a signal. Disposal brings the
/// earlier modes back, as often as it is called. Thread-safe.
/// </summary>
public sealed unsafe class RawTerminal : IDisposable
{
    private static readonly SafeFileHandle Input = new(0, ownsHandle: false);
    private static readonly SafeFileHandle Output = new(1, ownsHandle: false);

    private readonly Lock _lock = new();
    private readonly byte[] _before = new byte[LibC.TermiosSize];
    private bool _isRaw;

    /// <exception cref="Win32Exception">The standard input is no terminal.</exception>
    public RawTerminal()
    {
        fixed (byte* before = _before)
        {
            if (LibC.tcgetattr(Input, before) != 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError(), "the standard input is no terminal");
        }

        _isRaw = true;
        Renew();
    }

    /// <summary>The window at the standard output; null: it is no terminal, or one of which nothing is known.</summary>
    public static WindowSize? Window()
    {
        LibC.WindowSize window;
        return LibC.ioctl(Output, LibC.TIOCGWINSZ, &window) == 0 && new WindowSize(window.Columns, window.Rows) is { IsKnown: true } size ? size : null;
    }

    /// <summary>After a stop and a continuation, in between which a shell has set its own modes.</summary>
    public void Renew()
    {
        var attributes = stackalloc byte[LibC.TermiosSize];

        lock (_lock)
        {
            if (!_isRaw)
                return;

            _before.CopyTo(new Span<byte>(attributes, LibC.TermiosSize));
            LibC.cfmakeraw(attributes);
            Set(attributes);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isRaw = false;
            fixed (byte* before = _before)
                Set(before);
        }
    }

    // At once: to wait until all output is shown would take for ever in a window that hangs. Fails only if the terminal is gone.
    private static void Set(byte* attributes) => _ = LibC.tcsetattr(Input, LibC.TCSANOW, attributes);
}
