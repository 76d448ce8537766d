using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>Corrects state that this process inherited from its launcher. First call in Main.</summary>
public static unsafe class ProcessStartup
{
    private const int FirstInherited = 3;

    /// <summary>
    /// Sets SIGCHLD to its default (if it were ignored, exit statuses would be lost), opens descriptors 0 to 2, and makes all other inherited ones
    /// close-on-exec.
    /// </summary>
    /// <param name="keep">Descriptors that our children inherit without being given them. Usually none.</param>
    public static void Normalise(params int[] keep)
    {
        var standard = stackalloc byte[LibC.SigActionSize];
        new Span<byte>(standard, LibC.SigActionSize).Clear();
        LibC.sigaction(LibC.SIGCHLD, standard, null);

        OpenStandardDescriptors();
        CloseOnExec(keep);
    }

    // If 0, 1 or 2 were closed, the next file that we open would get that number, and the next write to "standard output" would go to it.
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

        // Before Linux 5.11 there is no such flag: set it one by one.
        foreach (var path in Directory.GetFiles("/proc/self/fd"))
        {
            if (uint.TryParse(Path.GetFileName(path), out var descriptor) && descriptor >= first && descriptor <= last)
                _ = LibC.fcntl((int)descriptor, LibC.F_SETFD, LibC.FD_CLOEXEC);
        }
    }
}
