using System.Runtime.InteropServices;

namespace Supervisor.Processes.Interop;

internal static unsafe partial class LibC
{
    internal const int SIGKILL = 9;
    internal const int SIGPIPE = 13;
    internal const int SIGINT = 2;
    internal const int SIGCHLD = 17;
    internal const int SIGCONT = 18;
    internal const int SIGSTOP = 19;
    internal const int SIG_SETMASK = 2;

    internal const int P_ALL = 0;
    internal const int P_PID = 1;
    internal const int WNOHANG = 1;
    internal const int WEXITED = 4;
    internal const int WNOWAIT = 0x01000000;

    internal const int PR_SET_CHILD_SUBREAPER = 36;

    internal const int RLIMIT_NOFILE = 7;

    internal const int SYS_pidfd_send_signal = 424;
    internal const int SYS_pidfd_open = 434;

    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_DEL = 2;
    internal const int EPOLL_CLOEXEC = 0x80000;
    internal const uint EPOLLIN = 1;
    internal const uint EPOLLONESHOT = 1u << 30;

    /// <summary><c>siginfo_t</c> is 128 bytes; <c>si_pid</c> is at offset 16.</summary>
    internal const int SigInfoSize = 128;

    // struct rusage of 64-bit systems: two struct timeval, then 14 long, of which the first is the peak of resident memory in KiB.
    internal const int RUsageSize = 144;
    internal const int RUsageMaxRssOffset = 32;
    internal const int SigInfoPidOffset = 16;

    /// <summary><c>sigset_t</c> of glibc and musl.</summary>
    internal const int SigSetSize = 128;

    /// <summary>At least <c>struct sigaction</c> of glibc (152) and musl; all zeros is SIG_DFL with no flags.</summary>
    internal const int SigActionSize = 192;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int kill(int pid, int signal);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int killpg(int group, int signal);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int getsid(int pid);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int waitid(int idType, int id, byte* sigInfo, int options);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int wait4(int pid, int* status, int options, byte* rusage);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    /// <param name="newLimit">Two unsigned 64-bit numbers: soft, hard.</param>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int prlimit(int pid, int resource, ulong* newLimit, ulong* oldLimit);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int sigaction(int signal, byte* action, byte* old);

    [LibraryImport(Library)]
    internal static partial int pthread_sigmask(int how, byte* set, byte* old);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint syscall(nint number, nint argument1, nint argument2, nint argument3, nint argument4);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int epoll_create1(int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int epoll_ctl(int epoll, int operation, int fd, byte* epollEvent);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int epoll_wait(int epoll, byte* events, int maxEvents, int timeout);
}
