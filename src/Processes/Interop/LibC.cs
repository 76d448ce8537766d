using System.Runtime.InteropServices;

namespace Supervisor.Processes.Interop;

/// <summary>The C library: native names, signatures and constants only (Linux, x64 and arm64). The callers interpret the results.</summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";

    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int ESRCH = 3;
    internal const int EINTR = 4;
    internal const int E2BIG = 7;
    internal const int ENOEXEC = 8;
    internal const int ECHILD = 10;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EACCES = 13;
    internal const int EBUSY = 16;
    internal const int EEXIST = 17;
    internal const int ENOTDIR = 20;
    internal const int EINVAL = 22;
    internal const int ENFILE = 23;
    internal const int EMFILE = 24;
    internal const int ETXTBSY = 26;
    internal const int ENOSPC = 28;
    internal const int ENOTEMPTY = 39;
    internal const int ELOOP = 40;

    internal const int _SC_CLK_TCK = 2;

    [LibraryImport(Library)]
    internal static partial nint sysconf(int name);
}
