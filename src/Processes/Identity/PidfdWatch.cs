using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>Waits for the exit of any number of foreign processes, on one thread that lives as long as this process.</summary>
internal sealed unsafe class PidfdWatch
{
    public static readonly PidfdWatch Shared = new();

    // struct epoll_event is packed on x64 (data at offset 4) and aligned elsewhere (offset 8).
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private const int EventSize = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Action> _watched = [];
    private readonly Dictionary<SafeFileHandle, long> _keys = [];
    private int _epoll = -1;
    private long _lastKey;

    /// <param name="gone">Called once, on the waiting thread; must not block.</param>
    public void Add(SafeFileHandle pidfd, Action gone)
    {
        lock (_lock)
        {
            EnsureRunning();
            _watched.Add(++_lastKey, gone);
            _keys.Add(pidfd, _lastKey);

            var wanted = stackalloc byte[EventSize];
            Unsafe.WriteUnaligned(wanted, LibC.EPOLLIN | LibC.EPOLLONESHOT);
            Unsafe.WriteUnaligned(wanted + DataOffset, _lastKey);
            if (LibC.epoll_ctl(_epoll, LibC.EPOLL_CTL_ADD, (int)pidfd.DangerousGetHandle(), wanted) != 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError(), "A pidfd cannot be watched");
        }
    }

    public void Remove(SafeFileHandle pidfd)
    {
        lock (_lock)
        {
            if (!_keys.Remove(pidfd, out var key))
                return;

            _watched.Remove(key);
            var unused = stackalloc byte[EventSize];
            LibC.epoll_ctl(_epoll, LibC.EPOLL_CTL_DEL, (int)pidfd.DangerousGetHandle(), unused);
        }
    }

    private void EnsureRunning()
    {
        if (_epoll >= 0)
            return;

        _epoll = LibC.epoll_create1(LibC.EPOLL_CLOEXEC);
        if (_epoll < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_create1 failed");
        new Thread(Run) { IsBackground = true, Name = "pidfd" }.Start();
    }

    private void Run()
    {
        var received = stackalloc byte[EventSize];
        while (true)
        {
            // EINTR: retry.
            if (LibC.epoll_wait(_epoll, received, 1, -1) != 1)
                continue;

            Action? gone;
            lock (_lock)
                _watched.Remove(Unsafe.ReadUnaligned<long>(received + DataOffset), out gone);
            gone?.Invoke();
        }
    }
}
