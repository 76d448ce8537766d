using System.Runtime.Versioning;
using Supervisor.Filtering;
using Supervisor.Watcher.Interop;

namespace Supervisor.Watcher.Sources.Backends;

/// <summary>
/// The mounts of this process, and whether they have changed: the kernel raises POLLPRI on <c>/proc/self/mountinfo</c> for that. The loop checks in every
/// iteration, which costs one system call; no thread. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class MountWatch : IDisposable
{
    // Enough for a thousand mounts.
    private const int ReadSize = 128 * 1024;

    private readonly int _mountInfo;

    public MountWatch()
    {
        fixed (byte* path = "/proc/self/mountinfo\0"u8)
            _mountInfo = LibC.openat(LibC.AT_FDCWD, path, LibC.O_RDONLY | LibC.O_CLOEXEC, mode: 0);

        Mounts = Read();
    }

    /// <summary>As of the last <see cref="HasChanged"/>.</summary>
    public MountTable Mounts { get; private set; }

    /// <summary>True once for any number of changes, and then <see cref="Mounts"/> are those after them.</summary>
    public bool HasChanged()
    {
        var ready = new LibC.PollFd { Descriptor = _mountInfo, Events = LibC.POLLPRI };

        if (_mountInfo < 0 || LibC.poll(&ready, 1, timeoutMilliseconds: 0) <= 0 || (ready.Returned & (LibC.POLLPRI | LibC.POLLERR)) == 0)
            return false;

        Mounts = Read();
        return true;
    }

    public void Dispose()
    {
        if (_mountInfo >= 0)
            LibC.close(_mountInfo);
    }

    private MountTable Read()
    {
        if (_mountInfo < 0 || LibC.lseek(_mountInfo, 0, LibC.SEEK_SET) != 0)
            return MountTable.Empty;

        using var text = new MemoryStream();
        var chunk = new byte[ReadSize];

        fixed (byte* start = chunk)
        {
            while ((int)LibC.read(_mountInfo, start, ReadSize) is var length and > 0)
                text.Write(chunk, 0, length);
        }

        return MountTable.Parse(FileName.Decode(text.GetBuffer().AsSpan(0, (int)text.Length)));
    }
}
