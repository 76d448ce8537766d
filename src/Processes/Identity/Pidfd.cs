using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>A descriptor of one run of one process: a signal through it never reaches a later process with the same pid.</summary>
internal static unsafe class Pidfd
{
    private const ulong StartTimeFlag = 1ul << 63;

    private static readonly Lazy<string> Boot = new(() => PseudoFile.TryRead("/proc/sys/kernel/random/boot_id")?.Trim() ?? "unknown");

    public static string BootId => Boot.Value;

    /// <summary>null: no such process (any more).</summary>
    public static SafeFileHandle? TryOpen(int pid)
    {
        var descriptor = (int)LibC.syscall(LibC.SYS_pidfd_open, pid, 0, 0, 0);
        if (descriptor >= 0)
            return new SafeFileHandle(descriptor, ownsHandle: true);

        var errno = Marshal.GetLastPInvokeError();
        // EINVAL: the number is a thread's, not a process's.
        return errno is LibC.ESRCH or LibC.EINVAL ? null : throw new Win32Exception(errno, $"pidfd_open({pid}) failed");
    }

    public static ProcessIdentity? Identify(int pid, SafeFileHandle pidfd)
    {
        var descriptor = (int)pidfd.DangerousGetHandle();
        var buffer = stackalloc byte[LibC.StatBufferSize];
        var span = new ReadOnlySpan<byte>(buffer, LibC.StatBufferSize);

        if (LibC.fstatfs(descriptor, buffer) == 0 && BinaryPrimitives.ReadInt64LittleEndian(span) == LibC.PID_FS_MAGIC
            && LibC.fstat(descriptor, buffer) == 0)
            return new ProcessIdentity(pid, BinaryPrimitives.ReadUInt64LittleEndian(span[LibC.StatInodeOffset..]), BootId);

        return ProcFile.TryReadStat(pid) is { } stat ? new ProcessIdentity(pid, stat.StartTicks | StartTimeFlag, BootId) : null;
    }

    /// <summary>false: the process has ended, or now belongs to another user.</summary>
    public static bool TrySignal(SafeFileHandle pidfd, int signal)
    {
        if (LibC.syscall(LibC.SYS_pidfd_send_signal, pidfd.DangerousGetHandle(), signal, 0, 0) == 0)
            return true;

        var errno = Marshal.GetLastPInvokeError();
        return errno is LibC.ESRCH or LibC.EPERM ? false : throw new Win32Exception(errno, $"pidfd_send_signal({Signals.Name(signal)}) failed");
    }
}
