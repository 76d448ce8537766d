using System.Runtime.InteropServices;

namespace Supervisor.Processes.Interop;

internal static unsafe partial class LibC
{
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setsid();

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int dup2(int from, int to);
}
