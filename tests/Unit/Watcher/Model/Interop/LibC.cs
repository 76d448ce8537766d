using System.Runtime.InteropServices;

namespace Supervisor.Unit.Watcher.Model.Interop;

/// <summary>
/// libc as the model's file work needs it: .NET takes no name that is not UTF-8, and knows neither exchanging nor mounting. Paths are bytes ended by zero.
/// </summary>
internal static unsafe partial class LibC
{
    public const int AT_FDCWD = -100;
    public const int AT_REMOVEDIR = 0x200;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;
    public const int EINTR = 4;
    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_TRUNC = 0x200;
    public const int O_APPEND = 0x400;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;
    public const uint RENAME_EXCHANGE = 2;
    public const int PROT_WRITE = 2;
    public const int PROT_READ = 1;
    public const int MAP_SHARED = 1;
    public const int MNT_DETACH = 2;
    public const byte DT_DIR = 4;

    private const string Library = "libc";

    // The two that differ between x64 and arm64.
    public static readonly int O_DIRECTORY = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    public static readonly int O_NOFOLLOW = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    [LibraryImport(Library, SetLastError = true)]
    public static partial int openat(int directory, byte[] path, int flags, uint mode);

    [LibraryImport(Library)]
    public static partial int close(int descriptor);

    [LibraryImport(Library)]
    public static partial nint read(int descriptor, byte[] buffer, nuint count);

    [LibraryImport(Library)]
    public static partial nint write(int descriptor, byte[] buffer, nuint count);

    [LibraryImport(Library)]
    public static partial nint getdents64(int descriptor, byte[] buffer, nuint count);

    [LibraryImport(Library)]
    public static partial int truncate(byte[] path, long length);

    [LibraryImport(Library)]
    public static partial int mkdir(byte[] path, uint mode);

    [LibraryImport(Library)]
    public static partial int unlinkat(int directory, byte[] path, int flags);

    [LibraryImport(Library)]
    public static partial int rename(byte[] from, byte[] to);

    [LibraryImport(Library)]
    public static partial int renameat2(int fromDirectory, byte[] from, int toDirectory, byte[] to, uint flags);

    [LibraryImport(Library)]
    public static partial int symlink(byte[] target, byte[] path);

    [LibraryImport(Library)]
    public static partial nint readlink(byte[] path, byte[] buffer, nuint size);

    [LibraryImport(Library)]
    public static partial int link(byte[] existing, byte[] path);

    [LibraryImport(Library)]
    public static partial int chmod(byte[] path, uint mode);

    [LibraryImport(Library)]
    public static partial int mkfifo(byte[] path, uint mode);

    [LibraryImport(Library)]
    public static partial int utimensat(int directory, byte[] path, Timespec* times, int flags);

    [LibraryImport(Library)]
    public static partial byte* mmap(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport(Library)]
    public static partial int munmap(byte* address, nuint length);

    [LibraryImport(Library)]
    public static partial int mount(byte[] source, byte[] target, byte[] type, nuint flags, byte[]? options);

    [LibraryImport(Library)]
    public static partial int umount2(byte[] target, int flags);

    [LibraryImport(Library)]
    public static partial uint geteuid();

    [StructLayout(LayoutKind.Sequential)]
    public struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
