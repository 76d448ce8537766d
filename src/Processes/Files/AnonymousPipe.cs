using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>A pipe that no child inherits unless it is passed on. The caller owns both ends.</summary>
public static unsafe class AnonymousPipe
{
    // The kernel's default maximum for an unprivileged pipe (/proc/sys/fs/pipe-max-size): a reader that stalls for seconds blocks no writer.
    private const int LargeSize = 1 << 20;

    /// <param name="large">1 MiB instead of 64 KiB, if the kernel allows it.</param>
    public static (SafeFileHandle Read, SafeFileHandle Write) Create(bool large)
    {
        var ends = stackalloc int[2];
        if (LibC.pipe2(ends, LibC.O_CLOEXEC) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "pipe2 failed");

        // Refused if the user's pipes use too many pages: then 64 KiB must do.
        if (large)
            LibC.fcntl(ends[1], LibC.F_SETPIPE_SZ, LargeSize);

        return (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }
}
