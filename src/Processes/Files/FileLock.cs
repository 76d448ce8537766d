using System.Buffers.Binary;
using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>
/// An exclusive lock on a file (flock): held until it is disposed or the process ends in any way. No child inherits it. The file contains the holder's
/// pid, for messages only.
/// </summary>
public sealed class FileLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>null: another process holds it.</summary>
    public static FileLock? TryAcquire(string path)
    {
        while (true)
        {
            var file = Open(path);
            if (LibC.flock(Descriptor(file), LibC.LOCK_EX | LibC.LOCK_NB) != 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                file.Dispose();
                return errno == LibC.EAGAIN ? null : throw new Win32Exception(errno, $"flock({path}) failed");
            }

            // Between our open and our flock the previous holder may have removed the file. Then our lock is on a file that nobody else can open.
            if (Inode(file) == Inode(path))
            {
                WritePid(file);
                return new FileLock(file);
            }

            file.Dispose();
        }
    }

    /// <summary>
    /// Like <see cref="TryAcquire"/>, but waits: the lock of a killed process is released only when the kernel has ended the last of its threads, some ms
    /// after the process looks dead.
    /// </summary>
    public static async Task<FileLock?> TryAcquireAsync(string path, TimeSpan within, TimeProvider time)
    {
        var began = time.GetTimestamp();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20), time);

        while (true)
        {
            if (TryAcquire(path) is { } held)
                return held;
            if (time.GetElapsedTime(began) >= within)
                return null;

            await pause.WaitForNextTickAsync();
        }
    }

    /// <summary>The pid in the lock file; null if the file is missing or empty. For messages, never for signalling.</summary>
    public static unsafe int? HolderPid(string path)
    {
        // Not through FileStream: it takes a shared flock, which conflicts with the holder's lock.
        var descriptor = LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC | LibC.O_NOFOLLOW, 0);
        if (descriptor < 0)
            return null;

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var buffer = stackalloc byte[16];
        var count = (int)LibC.read(descriptor, buffer, 16);
        var text = count > 0 ? Encoding.ASCII.GetString(buffer, count).Trim() : "";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
    }

    public void Dispose()
    {
        // Unlock explicitly: a child that is being forked now has a copy of the descriptor until it execs. Closing only our descriptor would leave the
        // lock held until then.
        if (!_file.IsClosed)
            LibC.flock(Descriptor(_file), LibC.LOCK_UN);
        _file.Dispose();
    }

    private static SafeFileHandle Open(string path)
    {
        var descriptor = LibC.open(path, LibC.O_RDWR | LibC.O_CREAT | LibC.O_CLOEXEC | LibC.O_NOFOLLOW, 0x180 /* 0600 */);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"The lock file {path} cannot be opened");
    }

    private static unsafe void WritePid(SafeFileHandle file)
    {
        var text = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
        LibC.ftruncate(Descriptor(file), 0);
        fixed (byte* bytes = text)
            LibC.pwrite(Descriptor(file), bytes, (nuint)text.Length, 0);
    }

    private static unsafe ulong Inode(SafeFileHandle file)
    {
        var buffer = stackalloc byte[LibC.StatBufferSize];
        return LibC.fstat(Descriptor(file), buffer) == 0 ? InodeIn(buffer) : 0;
    }

    private static unsafe ulong Inode(string path)
    {
        var buffer = stackalloc byte[LibC.StatBufferSize];
        return LibC.stat(path, buffer) == 0 ? InodeIn(buffer) : 0;
    }

    private static unsafe ulong InodeIn(byte* stat) =>
        BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(stat + LibC.StatInodeOffset, sizeof(ulong)));

    private static int Descriptor(SafeFileHandle file) => (int)file.DangerousGetHandle();
}
