using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Supervisor.Processes.Interop;

internal static unsafe partial class LibC
{
    internal const int O_NOCTTY = 0x100;
    internal const int O_NONBLOCK = 0x800;

    internal const int EIO = 5;

    internal const nuint TIOCGWINSZ = 0x5413;
    internal const nuint TIOCSWINSZ = 0x5414;

    internal const int TCSANOW = 0;

    /// <summary>Input flags of <c>struct termios</c>, its first member.</summary>
    internal const uint IXON = 0x400;
    internal const uint IUTF8 = 0x4000;

    /// <summary>Larger than <c>struct termios</c> of glibc and musl, which is 60 bytes.</summary>
    internal const int TermiosSize = 128;

    /// <summary>Larger than any path of a terminal ("/dev/pts/N").</summary>
    internal const int TerminalPathSize = 128;

    /// <summary><c>struct winsize</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelWidth;
        public ushort PixelHeight;
    }

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int posix_openpt(int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int grantpt(SafeFileHandle master);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int unlockpt(SafeFileHandle master);

    /// <summary>Returns the errno; 0: success.</summary>
    [LibraryImport(Library)]
    internal static partial int ptsname_r(SafeFileHandle master, byte* path, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ioctl(SafeFileHandle descriptor, nuint request, WindowSize* size);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int tcgetattr(SafeFileHandle descriptor, byte* attributes);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int tcsetattr(SafeFileHandle descriptor, int when, byte* attributes);

    [LibraryImport(Library)]
    internal static partial void cfmakeraw(byte* attributes);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint write(SafeFileHandle descriptor, byte* buffer, nuint count);
}
