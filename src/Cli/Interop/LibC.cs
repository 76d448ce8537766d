using System.Runtime.InteropServices;

namespace Supervisor.Cli.Interop;

/// <summary>C library functions of the command line: signatures and constants only.</summary>
internal static partial class LibC
{
    internal const int ENOENT = 2;
    internal const int SIGHUP = 1;
    internal const int SIGTERM = 15;

    internal const int X_OK = 1;

    internal const int EINTR = 4;

    internal const short POLLIN = 0x001;

    [LibraryImport("libc")]
    internal static partial int getppid();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int access(string path, int mode);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int kill(int pid, int signal);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int poll(PollFd* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint read(int descriptor, byte* buffer, nuint count);
}
