using System.Runtime.Versioning;
using Supervisor.Watcher.Interop;

namespace Supervisor.Watcher.Links;

/// <summary>Ties this process's life to its parent's, for the case that the parent dies without its link being closed.</summary>
[SupportedOSPlatform("linux")]
internal static class DeathWatch
{
    /// <summary>From now on the kernel kills us when the thread that spawned us ends. False: the parent has died already.</summary>
    /// <param name="parent">Its pid, as it told us; null: whoever is our parent now.</param>
    public static bool TryArm(int? parent)
    {
        var expected = parent ?? LibC.getppid();

        // Cannot fail: the signal is a valid one.
        LibC.prctl(LibC.PR_SET_PDEATHSIG, LibC.SIGKILL, 0, 0, 0);

        // It may have died between our birth and the call; then somebody else has adopted us.
        return LibC.getppid() == expected;
    }
}
