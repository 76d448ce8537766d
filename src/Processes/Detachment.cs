using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>Detaches this process from the terminal and the directory that it was started from.</summary>
public static class Detachment
{
    private const int StandardStreams = 3;

    /// <summary>
    /// Creates a new session: Ctrl-C and hang-ups of the launcher's terminal do not reach this process. Does nothing if it already leads a session.
    /// </summary>
    public static void StartSession() => _ = LibC.setsid();

    /// <summary>
    /// Points descriptors 0 to 2 to /dev/null and changes to the root directory: the process keeps no terminal, pipe or mount of the launcher.
    /// </summary>
    public static void ReleaseTerminal()
    {
        Directory.SetCurrentDirectory("/");
        var nothing = LibC.open("/dev/null", LibC.O_RDWR | LibC.O_CLOEXEC, 0);

        for (var descriptor = 0; nothing >= 0 && descriptor < StandardStreams; descriptor++)
            _ = LibC.dup2(nothing, descriptor);

        if (nothing >= StandardStreams)
            LibC.close(nothing);
    }
}
