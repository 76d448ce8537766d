using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Supervisor.Watcher.Interop;

namespace Supervisor.Watcher.Sources;

/// <summary>
/// One inotify instance and the thread that reads it. The kernel keeps the order of events over all directories of one instance, so
/// a cookie file proves that the reader has caught up. The loop owns it: adding, removing and taking are not thread-safe.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class Inotify : IDisposable
{
    private const uint Mask =
        LibC.IN_CREATE | LibC.IN_DELETE | LibC.IN_MOVED_FROM | LibC.IN_MOVED_TO | LibC.IN_MODIFY | LibC.IN_CLOSE_WRITE | LibC.IN_ATTRIB
        | LibC.IN_DELETE_SELF | LibC.IN_MOVE_SELF | LibC.IN_ONLYDIR | LibC.IN_EXCL_UNLINK;

    private const int ReadSize = 64 * 1024;

    private readonly int _inotify;
    private readonly int _stop;
    private readonly SourceLimits _limits;
    private readonly Action _arrived;
    private readonly EventBuffer _buffer;
    private readonly Thread _reader;

    // The reader has taken events, or is about to, that are not in the buffer yet.
    private volatile bool _isCarrying;

    private Inotify(int inotify, SourceLimits limits, Action arrived)
    {
        _inotify = inotify;
        _limits = limits;
        _arrived = arrived;
        _buffer = new EventBuffer(limits.BufferedBytes);
        _stop = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        _reader = new Thread(Read, maxStackSize: 256 * 1024) { IsBackground = true, Name = "inotify" };
    }

    /// <summary>The most watches to use; the kernel has its own limit.</summary>
    public int WatchLimit => _limits.Watches;

    /// <summary>Null when the user's limit of instances or this process's limit of descriptors is reached.</summary>
    /// <param name="arrived">Called on the reader's thread whenever there is something to take; must not block.</param>
    public static Inotify? TryOpen(SourceLimits limits, Action arrived)
    {
        var inotify = limits.Instances > 0 ? LibC.inotify_init1(LibC.IN_CLOEXEC | LibC.IN_NONBLOCK) : -LibC.EMFILE;

        if (inotify < 0)
            return null;

        var opened = new Inotify(inotify, limits, arrived);

        if (opened._stop < 0)
        {
            LibC.close(inotify);
            return null;
        }

        opened._reader.Start();
        return opened;
    }

    /// <summary>
    /// Watches exactly the directory behind the descriptor, whatever its path has become meanwhile. Negative errno when the kernel's limit of watches is
    /// reached or the directory cannot be watched: it has to be polled then.
    /// </summary>
    public int TryAdd(OpenDirectory directory)
    {
        Span<byte> path = stackalloc byte[32];
        "/proc/self/fd/"u8.CopyTo(path);
        directory.Descriptor.TryFormat(path[14..], out _, provider: null);

        fixed (byte* link = path)
        {
            var watch = LibC.inotify_add_watch(_inotify, link, Mask);
            return watch < 0 ? -Marshal.GetLastPInvokeError() : watch;
        }
    }

    /// <summary>Harmless for a watch that the kernel has just dropped.</summary>
    public void Remove(int watch) => LibC.inotify_rm_watch(_inotify, watch);

    /// <inheritdoc cref="EventBuffer.Take"/>
    public ReadOnlySpan<byte> Take(out bool overflowed) => _buffer.Take(out overflowed);

    /// <summary>No event was waiting at the moment of the call, neither in the kernel nor in the buffer.</summary>
    public bool IsDrained
    {
        get
        {
            // Checked in the order in which events travel, so that none can slip past.
            var ready = new LibC.PollFd { Descriptor = _inotify, Events = LibC.POLLIN };
            return LibC.poll(&ready, 1, timeoutMilliseconds: 0) == 0 && !_isCarrying && _buffer.IsEmpty;
        }
    }

    public void Trim() => _buffer.Trim();

    public void Dispose()
    {
        var one = 1UL;
        LibC.write(_stop, (byte*)&one, sizeof(ulong));
        _reader.Join();
        LibC.close(_inotify);
        LibC.close(_stop);
    }

    /// <summary>Only reads: a reader that never waits for anything else keeps the kernel's queue empty.</summary>
    private void Read()
    {
        var chunk = new byte[ReadSize];
        var ready = stackalloc LibC.PollFd[2];
        ready[0] = new LibC.PollFd { Descriptor = _inotify, Events = LibC.POLLIN };
        ready[1] = new LibC.PollFd { Descriptor = _stop, Events = LibC.POLLIN };

        fixed (byte* start = chunk)
        {
            while (true)
            {
                if (LibC.poll(ready, 2, timeoutMilliseconds: -1) < 0)
                {
                    if (Marshal.GetLastPInvokeError() == LibC.EINTR)
                        continue;

                    throw new Win32Exception(Marshal.GetLastPInvokeError(), "Waiting for inotify failed");
                }

                if (ready[1].Returned != 0)
                    return;

                _isCarrying = true;
                Interlocked.MemoryBarrier();
                var length = LibC.read(_inotify, start, ReadSize);

                if (length > 0)
                    _buffer.Add(chunk.AsSpan(0, (int)length));

                _isCarrying = false;
                _arrived();
            }
        }
    }
}
