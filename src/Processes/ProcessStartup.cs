using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>What a launcher may have left behind in us is put right, first thing in Main.</summary>
public static unsafe class ProcessStartup
{
    private const int FirstInherited = 3;

    /// <summary>
    /// SIGCHLD at its default (ignored, exit statuses would vanish); descriptors 0 to 2 open; every other inherited one close-on-exec.
    /// </summary>
    /// <param name="keep">Descriptors that our own children shall inherit although nobody hands them over. Usually none.</param>
    public static void Normalise(params int[] keep)
    {
        var standard = stackalloc byte[LibC.SigActionSize];
        new Span<byte>(standard, LibC.SigActionSize).Clear();
        LibC.sigaction(LibC.SIGCHLD, standard, null);

        OpenStandardDescriptors();
        CloseOnExec(keep);
    }

    // A closed 0, 1 or 2 would be taken by the next file we open, and the next write to "standard output" would land in it.
    private static void OpenStandardDescriptors()
    {
        int descriptor;
        do
        {
            descriptor = LibC.open("/dev/null", LibC.O_RDWR, 0);
        }
        while (descriptor is >= 0 and < FirstInherited);

        if (descriptor >= FirstInherited)
            LibC.close(descriptor);
    }

    private static void CloseOnExec(int[] keep)
    {
        var first = (uint)FirstInherited;
        foreach (var kept in keep.Where(descriptor => descriptor >= FirstInherited).Order())
        {
            if (kept > first)
                CloseOnExec(first, (uint)kept - 1);
            first = (uint)kept + 1;
        }

        CloseOnExec(first, uint.MaxValue);
    }

    private static void CloseOnExec(uint first, uint last)
    {
        if (LibC.close_range(first, last, LibC.CLOSE_RANGE_CLOEXEC) == 0)
            return;

        // Before Linux 5.11 there is no such flag: one by one.
        foreach (var path in Directory.GetFiles("/proc/self/fd"))
        {
            if (uint.TryParse(Path.GetFileName(path), out var descriptor) && descriptor >= first && descriptor <= last)
                _ = LibC.fcntl((int)descriptor, LibC.F_SETFD, LibC.FD_CLOEXEC);
        }
    }
}
