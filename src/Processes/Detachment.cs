using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>Lets go of the terminal and the folder that this process was started from.</summary>
public static class Detachment
{
    private const int StandardStreams = 3;

    /// <summary>A session of our own: no Ctrl-C and no hang-up of the launcher's terminal reaches us. Harmless where we lead one already.</summary>
    public static void LeaveSession() => _ = LibC.setsid();

    /// <summary>Descriptors 0 to 2 become /dev/null, and the working directory the root: we hold no terminal, pipe or mount of the launcher.</summary>
    public static void LeaveLauncher()
    {
        Directory.SetCurrentDirectory("/");
        var nothing = LibC.open("/dev/null", LibC.O_RDWR | LibC.O_CLOEXEC, 0);

        for (var descriptor = 0; nothing >= 0 && descriptor < StandardStreams; descriptor++)
            _ = LibC.dup2(nothing, descriptor);

        if (nothing >= StandardStreams)
            LibC.close(nothing);
    }
}
